import type { SendResult } from '../delivery/notifier.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'

/** A watch elsewhere that raises the alarm once nothing has come for a while. */
interface Beat {
  readonly url: string
  readonly everyMs: number
}

export interface HeartbeatsOptions {
  /** By name. */
  readonly beats: ReadonlyMap<string, Beat>
  /** Never rejects. */
  readonly ping: (beat: Beat) => Promise<SendResult>
  /** Resolves once the work is certain to be ours; rejects where it may not be any more. */
  readonly maySend: () => Promise<void>
  readonly clock: Clock
  readonly log: Logger
  readonly onPing: (name: string, result: SendResult['kind']) => void
}

/** Tells watches elsewhere that windows close: where all else is dead, their silence is the alarm. */
export interface Heartbeats {
  /** Windows have closed. */
  beat(): void
  /** Goes on with others; one of the same name keeps its pace. */
  redirect(beats: ReadonlyMap<string, Beat>): void
  /** How long ago each was taken last, in milliseconds; those that never were are left out. */
  ages(): ReadonlyMap<string, number>
}

/** Windows do not close to the second: a ping may come this share of its time early, or every second one is left out. */
const early = 0.1

export function createHeartbeats(options: HeartbeatsOptions): Heartbeats {
  const { ping, maySend, clock, log, onPing } = options
  let { beats } = options
  const takenAt = new Map<string, number>()
  const underWay = new Set<string>()
  const failing = new Set<string>()

  const isDue = (name: string, { everyMs }: Beat): boolean =>
    clock.now() - (takenAt.get(name) ?? Number.NEGATIVE_INFINITY) >= everyMs * (1 - early)

  async function send(name: string, beat: Beat): Promise<void> {
    underWay.add(name)
    try {
      const isOurs = await maySend().then(
        () => true,
        () => false
      )
      if (isOurs) note(name, await ping(beat))
    } finally {
      underWay.delete(name)
    }
  }

  /** A failure is told once, and so is its end; the next window tries again. */
  function note(heartbeat: string, { kind, answer }: SendResult): void {
    onPing(heartbeat, kind)
    if (kind === 'sent') {
      takenAt.set(heartbeat, clock.now())
      if (failing.delete(heartbeat)) log.info({ heartbeat }, 'heartbeat taken again')
    } else if (!failing.has(heartbeat)) {
      failing.add(heartbeat)
      log.warn({ heartbeat, answer }, 'heartbeat not taken')
    }
  }

  return {
    beat() {
      for (const [name, beat] of beats) if (!underWay.has(name) && isDue(name, beat)) void send(name, beat)
    },
    redirect(next) {
      beats = next
      for (const name of takenAt.keys()) if (!beats.has(name)) takenAt.delete(name)
    },
    ages() {
      const now = clock.now()
      return new Map([...takenAt].map(([name, at]) => [name, now - at]))
    }
  }
}
