import { appendFileSync, writeFileSync } from 'node:fs'
import { type Instances, type Name, names } from './instances.ts'
import { measureProcess, metricsAt, sumOf } from './measures.ts'

/** One look at all processes; what could not be seen is undefined. */
export interface Sample {
  readonly seconds: number
  readonly working: Name | undefined
  readonly fault: string
  readonly instances: Readonly<Record<Name, InstanceSample>>
  readonly engineMb: number | undefined
  readonly engineHandles: number | undefined
  /** Of the working instance. */
  readonly lag: number | undefined
  readonly waiting: number | undefined
}

export interface InstanceSample {
  readonly rssMb: number | undefined
  readonly heapMb: number | undefined
  readonly handles: number | undefined
  /** Since the sample before; undefined where the process was paused in that time. */
  readonly loopP99Ms: number | undefined
}

export interface SamplerOptions {
  readonly instances: Instances
  readonly enginePid: () => Promise<number | undefined>
  readonly fault: () => string
  readonly path: string
}

const columns = [
  'seconds',
  'working',
  ...names.flatMap(name => ['rss_mb', 'heap_mb', 'handles', 'loop_p99_ms'].map(what => `${name}_${what}`)),
  'engine_rss_mb',
  'engine_handles',
  'lag_records',
  'waiting_windows',
  'fault'
]

const mb = (bytes: number | undefined) => (bytes === undefined ? undefined : bytes / 1e6)

/** Takes samples, and writes each into a CSV file. */
export function createSampler({ instances, enginePid, fault, path }: SamplerOptions) {
  const samples: Sample[] = []
  const beganAt = performance.now()
  const wasPaused = new Set<Name>()
  writeFileSync(path, `${columns.join()}\n`)

  async function look(name: Name): Promise<{ sample: InstanceSample; text: string | undefined }> {
    const program = instances.running(name)
    const measured = program && measureProcess(program.pid)
    const address = program?.log.find(({ msg }) => msg?.includes('operations port'))?.['address']
    const isPaused = instances.isPaused(name)
    const text = isPaused ? undefined : await metricsAt(address as string | undefined)
    const delay = text === undefined ? undefined : sumOf(text, 'nodejs_eventloop_lag_p99_seconds')
    const sample = {
      rssMb: mb(measured?.rss),
      heapMb: text === undefined ? undefined : mb(sumOf(text, 'nodejs_heap_size_used_bytes')),
      handles: measured?.handles,
      loopP99Ms: delay === undefined || wasPaused.has(name) ? undefined : delay * 1_000
    }
    if (isPaused) wasPaused.add(name)
    else if (text !== undefined) wasPaused.delete(name)
    return { sample, text }
  }

  async function take(): Promise<Sample> {
    const working = instances.working()
    const [steady, mortal] = await Promise.all([look('steady'), look('mortal')])
    const pid = await enginePid()
    const engine = pid === undefined ? undefined : measureProcess(pid)
    const text = working && { steady, mortal }[working].text
    const of = (metric: string) => (text === undefined ? undefined : sumOf(text, metric))
    const sample = {
      seconds: (performance.now() - beganAt) / 1_000,
      working,
      fault: fault(),
      instances: { steady: steady.sample, mortal: mortal.sample },
      engineMb: mb(engine?.rss),
      engineHandles: engine?.handles,
      lag: of('cartwatch_consumer_lag_records'),
      waiting: of('cartwatch_store_queue_windows')
    }
    samples.push(sample)
    appendFileSync(path, `${cellsOf(sample).join()}\n`)
    return sample
  }

  return { samples: samples as readonly Sample[], take }
}

function cellsOf(sample: Sample): string[] {
  const { seconds, working = '', instances, engineMb, engineHandles, lag, waiting, fault } = sample
  const round = (value: number | undefined) =>
    value === undefined ? '' : String(Math.round(value * 10) / 10)
  const of = ({ rssMb, heapMb, handles, loopP99Ms }: InstanceSample) => [rssMb, heapMb, handles, loopP99Ms]
  return [
    round(seconds),
    working,
    ...names.flatMap(name => of(instances[name])).map(round),
    ...[engineMb, engineHandles, lag, waiting].map(round),
    fault
  ]
}
