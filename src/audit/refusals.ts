import { minuteMs } from '../time/units.ts'
import type { AuditEvent } from './row.ts'

export interface RefusedCall {
  /** The way in: slack, pagerduty, link, api, intake or operations. */
  readonly way: string
  readonly reason: string
  /** The remote address. */
  readonly origin: string
}

interface Counted {
  readonly minute: number
  readonly first: RefusedCall
  readonly addresses: Set<string>
  calls: number
}

const mostAddresses = 1_000

/** Counts refused calls by minute, way and reason: a flood of them is one row a minute. */
export function createRefusals(record: (event: AuditEvent) => void) {
  let counts = new Map<string, Counted>()

  function note({ minute, first, addresses, calls }: Counted): void {
    const { way, reason, origin } = first
    const details = { calls, addresses: addresses.size }
    record({ action: 'calls_refused', at: minute * minuteMs, via: way, origin, subject: reason, details })
  }

  return {
    add(call: RefusedCall, nowMs: number): void {
      const minute = Math.floor(nowMs / minuteMs)
      const key = JSON.stringify([minute, call.way, call.reason])
      const counted = counts.get(key) ?? { minute, first: call, addresses: new Set<string>(), calls: 0 }
      counts.set(key, counted)
      counted.calls += 1
      if (counted.addresses.size < mostAddresses) counted.addresses.add(call.origin)
    },
    /** Records the minutes that are over. */
    recordUntil(nowMs: number): void {
      const isOver = ({ minute }: Counted) => (minute + 1) * minuteMs <= nowMs
      for (const counted of counts.values()) if (isOver(counted)) note(counted)
      counts = new Map([...counts].filter(([, counted]) => !isOver(counted)))
    }
  }
}
