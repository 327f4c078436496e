import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'

const tickMs = 250
/** What a process may stand still for collecting garbage, or on a busy machine. */
const leastGapMs = 2_000
/** The first may answer one that was sent before the gap and lay in the socket's buffer; the next one cannot. */
const confirmingHeartbeats = 2

export interface FenceOptions {
  /** After how long without a heartbeat the group gives a member's work to another. */
  readonly sessionTimeoutMs: number
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Shuts where this process stood still for long enough that another may have taken the work meanwhile. Whoever asks
 * looks at the clocks first: after a pause an answer of the store may be worked on before any timer is.
 */
export function createFence({ sessionTimeoutMs, clock, log }: FenceOptions): Fence {
  const gapMs = Math.max(leastGapMs, sessionTimeoutMs / 3)
  let seen = { wall: clock.now(), monotonic: clock.monotonic() }
  let isMember = false
  let missing = 0
  let waiting: { readonly pass: () => void; readonly refuse: (reason: Error) => void }[] = []

  /** Either clock tells of a gap: the monotonic one may stand while the machine sleeps, the other can be set back. */
  function look(): void {
    const now = { wall: clock.now(), monotonic: clock.monotonic() }
    const ms = Math.round(Math.max(now.wall - seen.wall, now.monotonic - seen.monotonic))
    seen = now
    if (!isMember || ms <= gapMs) return
    missing = confirmingHeartbeats
    log.warn({ ms }, 'this process stood still: it writes nothing until the group confirms its place')
  }

  async function tick(): Promise<void> {
    while (true) {
      look()
      await clock.sleep(tickMs)
    }
  }
  void tick()

  return {
    joined() {
      look()
      isMember = true
      const refused = waiting
      waiting = []
      for (const { refuse } of refused) refuse(new Error('the group was joined anew while this waited'))
    },
    heartbeat() {
      look()
      if (missing === 0) return
      missing--
      if (missing > 0) return
      log.info({}, 'the group confirms the place of this process')
      const passed = waiting
      waiting = []
      for (const { pass } of passed) pass()
    },
    pass() {
      look()
      if (missing === 0) return Promise.resolve()
      return new Promise((pass, refuse) => void waiting.push({ pass, refuse }))
    }
  }
}

/** Keeps a member of a group from writing where its work may have become another's without its seeing. */
export interface Fence {
  /** The group has said whose the work is: what waits to be written is refused, for it may not be ours any more. */
  joined(): void
  /** The group has answered a heartbeat. */
  heartbeat(): void
  /** Resolves once a write may begin, mostly at once; rejects where the group was joined anew meanwhile. */
  pass(): Promise<void>
}
