import type { ShopRecord } from './record.ts'

/** How fast records go out: `speed` is event time ÷ time passed, `live` when their time comes, `rate` is records a second. */
export type Pace =
  | { readonly kind: 'unlimited' }
  | { readonly kind: 'speed'; readonly factor: number }
  | { readonly kind: 'live' }
  | { readonly kind: 'rate'; readonly recordsPerSecond: number }

export interface PaceClock {
  /** Milliseconds since the epoch. */
  now(): number
  sleep(ms: number): Promise<void>
}

const batchRecords = 2_000
/** What is due within this time goes out together. */
const graceMs = 50

/** The records in batches, each handed over when it is due. Ends early, between two batches, once `signal` aborts. */
export async function* paced(
  records: Iterable<ShopRecord>,
  pace: Pace,
  startMs: number,
  clock: PaceClock,
  signal?: AbortSignal
): AsyncGenerator<readonly ShopRecord[]> {
  const beganMs = clock.now()
  const dueMs = (record: ShopRecord, index: number): number => {
    if (pace.kind === 'speed') return beganMs + (record.arrivalMs - startMs) / pace.factor
    if (pace.kind === 'live') return record.arrivalMs
    if (pace.kind === 'rate') return beganMs + (index * 1_000) / pace.recordsPerSecond
    return beganMs
  }
  let batch: ShopRecord[] = []
  let index = 0
  for (const record of records) {
    if (signal?.aborted) return
    const at = dueMs(record, index)
    index += 1
    const dueLater = pace.kind !== 'unlimited' && at > clock.now() + graceMs
    if (batch.length >= batchRecords || (dueLater && batch.length > 0)) {
      yield batch
      batch = []
    }
    const waitMs = at - clock.now()
    if (pace.kind !== 'unlimited' && waitMs > graceMs) await clock.sleep(waitMs)
    batch.push(record)
  }
  if (batch.length > 0 && !signal?.aborted) yield batch
}
