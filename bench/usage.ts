// Loaded with --import into a measured process: at its exit it writes what the process used to BENCH_USAGE.
import { writeFileSync } from 'node:fs'

process.once('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: maxRSS * 1_024 }
  const { BENCH_USAGE: path } = process.env
  if (path) writeFileSync(path, JSON.stringify(usage))
})
