import { curveAt } from './curve.ts'
import { type Incident, meanDepth } from './incident.ts'
import { gamma, normal, uniformOf } from './random.ts'
import { funnel, type Shop, sessionsPerMinute } from './shop.ts'

/** What a minute of the shop is like before its sessions are drawn. */
export interface MinuteLevel {
  readonly startMs: number
  /** The curve times the level: sessions expected to start, without the minute's own luck. */
  readonly expectedSessions: number
  /** The rate of sessions that start, with the minute's own luck. */
  readonly sessionRate: number
  /** Of those sessions: fill a cart. */
  readonly cartShare: number
}

const minuteMs = 60_000
/** How long the level and the conversion keep their direction. */
const wanderMinutes = 8 * 60
/** The conversion wanders less than the traffic. */
const conversionWander = 0.4

/** The minutes from `startMs` on, without end; the same for a seed whatever is drawn from them later. */
export function* levelsOf(
  shop: Shop,
  seed: number,
  startMs: number,
  incidents: readonly Incident[]
): Generator<MinuteLevel> {
  const uniform = uniformOf(seed, 'level')
  const traffic = wandering(uniform)
  const conversion = wandering(uniform)
  const scale = sessionsPerMinute(shop)
  for (let at = startMs; ; at += minuteMs) {
    const sale = meanDepth(incidents, 'flash_sale', at, at + minuteMs)
    const curve = curveAt(at + minuteMs / 2, shop.timezoneOffsetMinutes)
    const expectedSessions = scale * curve * (1 + shop.wander * traffic()) * (1 + sale)
    const kept = 1 - meanDepth(incidents, 'slow_leak', at, at + minuteMs)
    const keenness =
      funnel.cartShare *
      (1 + shop.wander * conversionWander * conversion()) *
      (1 + 0.3 * Math.min(1, sale)) *
      kept
    const spread = Math.max(1e-6, shop.dispersion - 1)
    const cartShare = Math.min(
      0.9,
      gamma(uniform, (expectedSessions * funnel.cartShare) / spread, 1) * keenness
    )
    const sessionRate = gamma(uniform, expectedSessions / spread, expectedSessions)
    yield { startMs: at, expectedSessions, sessionRate, cartShare }
  }
}

/** A slow walk within (−1, 1) that comes back to 0: an Ornstein–Uhlenbeck process, softly bounded. */
function wandering(uniform: () => number): () => number {
  const spread = 0.6
  const step = Math.sqrt(2 / wanderMinutes)
  let position = normal(uniform)
  return function wander() {
    position += -position / wanderMinutes + step * normal(uniform)
    return Math.tanh(spread * position)
  }
}
