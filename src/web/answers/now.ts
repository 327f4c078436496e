import type { FastifyInstance } from 'fastify'
import { rank } from '../../../detectors/rules/severity.ts'
import type { StoredIncident } from '../../incident/types.ts'
import { hourMs } from '../../time/units.ts'
import { type NowAnswer, tileNames } from '../api/now.ts'
import { routes } from '../api/routes.ts'
import type { Way } from '../inbound/context.ts'
import { readinessPage } from '../readiness.ts'
import { shareRunning } from '../share-running.ts'
import { incidentView } from './incident-view.ts'
import type { LiveFacts } from './live-facts.ts'
import { seriesOf } from './read-series.ts'
import { serve } from './serve.ts'
import { tileOf, tilesOf } from './tiles.ts'

const shownMs = 3 * hourMs
const mostRead = 1_000
const mostShown = 50
const lateMetric = 'late_rate'
const deadMetric = 'dead_letter_rate'

/** GET /api/now: the shop, its open incidents and the pipeline at a glance. */
export function addNow(app: FastifyInstance, way: Way): void {
  // Many screens ask at the same moment: a window was stored.
  const now = shareRunning(() => readNow(way))
  serve(app, way, routes.now, () => now())
}

async function readNow({ operating, shop }: Way): Promise<NowAnswer> {
  const { pipeline } = operating
  const { timezone, environment, windows } = shop.config()
  const nowMs = operating.now()
  const asOf = (await shop.store.windowSpan(pipeline))?.toMs
  const toMs = asOf ?? Math.floor(nowMs / windows.sizeMs) * windows.sizeMs
  const span = { fromMs: toMs - shownMs, toMs, stepMs: windows.sizeMs }
  const metrics = [...Object.values(tilesOf).map(({ metric }) => metric), lateMetric, deadMetric]
  const keys = metrics.map(metric => ({ metric, segment: 'all' }))
  const steps = Map.groupBy(
    await shop.store.series(pipeline, { keys, ...span, isWindow: true }),
    ({ metric }) => metric
  )
  const open = (await operating.incidents({ status: 'open', limit: mostRead })).toSorted(worstFirst)
  const labels = await operating.labels()
  const counted = (metric: string) =>
    asOf === undefined
      ? null
      : (steps.get(metric) ?? [])
          .filter(({ start }) => start >= toMs - hourMs)
          .reduce((total, { numerator }) => total + numerator, 0)
  const staleMs = 2 * windows.sizeMs + windows.graceMs + windows.idleMs
  const facts = shop.live()
  return {
    pipeline_name: pipeline,
    environment: environment ?? null,
    timezone,
    now: new Date(nowMs).toISOString(),
    as_of: asOf === undefined ? null : new Date(asOf).toISOString(),
    stale_after_ms: staleMs,
    stale: asOf === undefined || nowMs - asOf > staleMs,
    warming_up: facts.warmup
      .filter(({ windowsSeen, windowsNeeded }) => windowsSeen < windowsNeeded)
      .map(one => ({ kind: one.kind, windows_seen: one.windowsSeen, windows_needed: one.windowsNeeded })),
    tiles: tileNames.map(name => {
      const key = { metric: tilesOf[name].metric, segment: 'all' }
      const own = steps.get(key.metric) ?? []
      return tileOf({ name, series: seriesOf(key, own, span, shop.scale), steps: own, open })
    }),
    incidents: open
      .slice(0, mostShown)
      .map(incident => incidentView(incident, shop, labels.get(incident.id))),
    open_incidents: open.length,
    pipeline: {
      ...pipelineOf(facts, nowMs),
      late_last_hour: counted(lateMetric),
      dead_letters_last_hour: counted(deadMetric)
    }
  }
}

/** The gravest first; of equal ones the one that has lasted longest. */
const worstFirst = (a: StoredIncident, b: StoredIncident): number =>
  rank(b.severity) - rank(a.severity) || a.openedAt - b.openedAt

function pipelineOf(facts: LiveFacts, nowMs: number) {
  const { isActive, instance, lag, closedUntil, readiness, receivers } = facts
  return {
    status: readinessPage(readiness).status,
    role: isActive ? ('active' as const) : ('standby' as const),
    instance,
    lag: isActive ? lag : null,
    watermark_delay_ms: isActive && closedUntil !== undefined ? Math.max(0, nowMs - closedUntil) : null,
    components: { ...readiness.components },
    receivers: receivers.map(({ name, waiting }) => {
      const { status = 'ok', detail } = readiness.receivers[name] ?? {}
      return { name, status, waiting, ...(detail !== undefined && { detail }) }
    })
  }
}
