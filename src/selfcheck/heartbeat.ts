import type { SendResult } from '../delivery/channel.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'

/** A dead man's switch elsewhere, which raises the alarm once no ping has come for a while. */
interface HeartbeatTarget {
  readonly url: string
  readonly everyMs: number
}

export interface HeartbeatsOptions {
  /** By name. */
  readonly targets: ReadonlyMap<string, HeartbeatTarget>
  /** Never rejects. */
  readonly ping: (target: HeartbeatTarget) => Promise<SendResult>
  /** Resolves once this instance surely has the work; rejects if it may have lost it. */
  readonly maySend: () => Promise<void>
  readonly clock: Clock
  readonly log: Logger
  readonly onPing: (name: string, result: SendResult['kind']) => void
}

/** Windows do not close to the second. Without this tolerance, a share of the interval, every second ping would be skipped. */
const early = 0.1

export type Heartbeats = ReturnType<typeof createHeartbeats>

/** Pings while windows close: if everything here is dead, the missing ping is the alarm. */
export function createHeartbeats(options: HeartbeatsOptions) {
  const { ping, maySend, clock, log, onPing } = options
  let { targets } = options
  const acceptedAt = new Map<string, number>()
  const pinging = new Set<string>()
  const failing = new Set<string>()

  const isDue = (name: string, { everyMs }: HeartbeatTarget): boolean =>
    clock.now() - (acceptedAt.get(name) ?? Number.NEGATIVE_INFINITY) >= everyMs * (1 - early)

  async function send(name: string, target: HeartbeatTarget): Promise<void> {
    pinging.add(name)
    try {
      const isOurs = await maySend().then(
        () => true,
        () => false
      )
      if (isOurs) note(name, await ping(target))
    } finally {
      pinging.delete(name)
    }
  }

  /** A failure is logged once, and so is its end; the next window tries again. */
  function note(heartbeat: string, { kind, answer }: SendResult): void {
    onPing(heartbeat, kind)
    if (kind === 'sent') {
      acceptedAt.set(heartbeat, clock.now())
      if (failing.delete(heartbeat)) log.info({ heartbeat }, 'heartbeat accepted again')
    } else if (!failing.has(heartbeat)) {
      failing.add(heartbeat)
      log.warn({ heartbeat, answer }, 'heartbeat not accepted')
    }
  }

  return {
    windowsClosed(): void {
      for (const [name, target] of targets)
        if (!pinging.has(name) && isDue(name, target)) void send(name, target)
    },
    /** Replaces the targets; one of the same name keeps its pace. */
    reload(next: ReadonlyMap<string, HeartbeatTarget>): void {
      targets = next
      for (const name of acceptedAt.keys()) if (!targets.has(name)) acceptedAt.delete(name)
    },
    /** Milliseconds since each target last accepted a ping; those that never did are left out. */
    ages(): ReadonlyMap<string, number> {
      const now = clock.now()
      return new Map([...acceptedAt].map(([name, at]) => [name, now - at]))
    }
  }
}
