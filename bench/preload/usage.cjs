// Loaded with --require into a measured process: at its exit it writes what the process used to BENCH_USAGE. In plain
// JavaScript, which is loaded in a millisecond: the start of processes is measured too.
const { writeFileSync } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

const { BENCH_USAGE: path } = process.env
if (path !== undefined && isMainThread) {
  process.once('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    const usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: maxRSS * 1_024 }
    writeFileSync(path, JSON.stringify(usage))
  })
}
