import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import { hourMs } from '../time/units.ts'
import { createLedger, type Ledger, type LedgerOptions } from './ledger.ts'
import { createRefusals, type RefusedCall } from './refusals.ts'

/** What the parts of an instance tell its audit log. */
export interface AuditSink extends Pick<Ledger, 'record'> {
  refused(call: RefusedCall): void
}

export interface InstanceAudit extends AuditSink {
  /** Stores what waits, again and again until the stop. */
  run(): Promise<void>
  /** Stores what waits, for so long at most. */
  stop(timeoutMs: number): Promise<void>
}

export interface InstanceAuditOptions extends Omit<LedgerOptions, 'most'> {
  readonly clock: Clock
  readonly log: Logger
}

const everyMs = 2_000
const anchorMs = hourMs

/** The audit log of a running instance. */
export function createInstanceAudit({ clock, log, now, ...options }: InstanceAuditOptions): InstanceAudit {
  const ledger = createLedger({ ...options, now })
  const refusals = createRefusals(ledger.record)
  let isStopping = false
  let isFailing = false
  let anchoredAt = clock.now()

  async function store(): Promise<void> {
    refusals.recordUntil(now())
    const isDue = clock.now() - anchoredAt >= anchorMs
    if (!isDue && ledger.waiting() === 0) return
    try {
      await (isDue ? ledger.anchor() : ledger.flush())
      if (isDue) anchoredAt = clock.now()
      isFailing = false
    } catch (error) {
      if (!isFailing)
        log.warn({ error: messageOf(error) }, 'rows of the audit log wait: the store takes none')
      isFailing = true
    }
  }

  return {
    record: ledger.record,
    refused: call => refusals.add(call, now()),
    async run() {
      while (!isStopping) {
        await store()
        await clock.sleep(everyMs)
      }
    },
    async stop(timeoutMs) {
      isStopping = true
      refusals.recordUntil(Number.POSITIVE_INFINITY)
      await Promise.race([store(), clock.sleep(timeoutMs)])
      if (ledger.waiting() > 0)
        log.warn(
          { rows: ledger.waiting() },
          'stopped before all rows of the audit log were stored: these are lost'
        )
    }
  }
}
