import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'

const tickMs = 250
/** Shorter pauses are garbage collection or a busy machine. */
const leastGapMs = 2_000
/** The first may answer a heartbeat from before the pause, its answer waiting in the socket's buffer; the second cannot. */
const confirmingHeartbeats = 2

export interface FenceOptions {
  /** After this time without a heartbeat the group gives a member's partitions to another. */
  readonly sessionTimeoutMs: number
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Blocks writes after a pause of this process in which another member may have taken over. Every call checks the clocks
 * first: after a pause, an answer of the store may be handled before any timer.
 */
export function createFence({ sessionTimeoutMs, clock, log }: FenceOptions): Fence {
  const gapMs = Math.max(leastGapMs, sessionTimeoutMs / 3)
  let checked = { wall: clock.now(), monotonic: clock.monotonic() }
  let isMember = false
  let unconfirmed = 0
  let shutAt: number | undefined
  let waiting: { readonly pass: () => void; readonly refuse: (reason: Error) => void }[] = []

  /** A gap in either clock is a pause: the monotonic one may stop while the machine sleeps, the wall clock can be set back. */
  function checkClocks(): void {
    const now = { wall: clock.now(), monotonic: clock.monotonic() }
    const ms = Math.round(Math.max(now.wall - checked.wall, now.monotonic - checked.monotonic))
    checked = now
    if (!isMember || ms <= gapMs) return
    unconfirmed = confirmingHeartbeats
    shutAt ??= now.monotonic
    log.warn({ ms }, 'process was paused: no writes until the group confirms this member')
  }

  async function tick(): Promise<void> {
    while (true) {
      checkClocks()
      await clock.sleep(tickMs)
    }
  }
  void tick()

  return {
    joined() {
      checkClocks()
      isMember = true
      const refused = waiting
      waiting = []
      for (const { refuse } of refused)
        refuse(new Error('the group was joined again while this write waited'))
    },
    heartbeat() {
      checkClocks()
      if (unconfirmed === 0) return
      unconfirmed--
      if (unconfirmed > 0) return
      shutAt = undefined
      log.info({}, 'the group confirmed this member: writing again')
      const passed = waiting
      waiting = []
      for (const { pass } of passed) pass()
    },
    pass() {
      checkClocks()
      if (unconfirmed === 0) return Promise.resolve()
      return new Promise((pass, refuse) => void waiting.push({ pass, refuse }))
    },
    shutForMs: () => (shutAt === undefined ? 0 : clock.monotonic() - shutAt)
  }
}

/** Keeps a member from writing while its partitions may be another's without its knowledge. */
export interface Fence {
  /** The group was joined: waiting writes are refused, since the partitions may be another's now. */
  joined(): void
  /** The group has answered a heartbeat. */
  heartbeat(): void
  /** Resolves once a write may begin, mostly at once; rejects if the group was joined again meanwhile. */
  pass(): Promise<void>
  /** For how long no write could begin; 0 while writes may. */
  shutForMs(): number
}
