import { readdirSync, readFileSync } from 'node:fs'

/** What the system says of a process that runs: bytes in memory now and at most, and open file handles. */
export interface ProcessMeasure {
  readonly rss: number
  readonly peakRss: number
  readonly handles: number
}

/** Undefined where the process is gone, or where there is no /proc. */
export function measureProcess(pid: number): ProcessMeasure | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const bytesOf = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1_024
    return {
      rss: bytesOf('VmRSS'),
      peakRss: bytesOf('VmHWM'),
      handles: readdirSync(`/proc/${pid}/fd`).length
    }
  } catch {
    return undefined
  }
}

/** The sum of a metric's samples in Prometheus' text; undefined where there is none. */
export function sumOf(text: string, name: string): number | undefined {
  const samples = text
    .split('\n')
    .filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map(line => Number(line.slice(line.lastIndexOf(' ') + 1)))
  return samples.length === 0 ? undefined : samples.reduce((sum, sample) => sum + sample, 0)
}

const answerMs = 2_000

/** An instance's metrics as text; undefined where it does not answer soon. */
export async function metricsAt(address: string | undefined): Promise<string | undefined> {
  if (address === undefined) return undefined
  try {
    const answer = await fetch(`${address}/metrics`, { signal: AbortSignal.timeout(answerMs) })
    return await answer.text()
  } catch {
    return undefined
  }
}
