import type { FastifyInstance, FastifyReply } from 'fastify'
import type { StoredIncident } from '../../incident/types.ts'
import { dayMs } from '../../time/units.ts'
import { routes } from '../api/routes.ts'
import type { SeriesPage } from '../api/series.ts'
import { headerOf, type Way } from '../inbound/context.ts'
import { csvOf } from './csv.ts'
import { incidentView } from './incident-view.ts'
import { markOf } from './marks.ts'
import { badRequest, serve } from './serve.ts'
import type { Shop } from './shop.ts'
import { stepOf } from './steps.ts'

const longestMs = 90 * dayMs
const mostMarks = 1_000
const mostIncidents = 500

/** GET /api/series: a metric of the whole shop or a segment, over any span. */
export function addSeries(app: FastifyInstance, way: Way): void {
  const { operating, shop } = way
  const { pipeline } = operating

  serve(app, way, routes.series, async ({ query, request, reply }): Promise<SeriesPage | FastifyReply> => {
    const { metric, segment, points, compare } = query
    if (shop.scale.definitionOf(metric) === undefined)
      return badRequest(reply, 'metric is none of this shop: GET /api/metrics lists them')
    const toMs =
      query.to === undefined
        ? ((await shop.store.windowSpan(pipeline))?.toMs ?? operating.now())
        : Date.parse(query.to)
    const fromMs = query.from === undefined ? toMs - dayMs : Date.parse(query.from)
    if (fromMs >= toMs) return badRequest(reply, 'from is not before to')
    if (toMs - fromMs > longestMs) return badRequest(reply, 'from is more than 90 days before to')
    const stepMs = stepOf(toMs - fromMs, points, shop.scale.windowMs)
    const [series] = await shop.readSeries([{ metric, segment }], { fromMs, toMs, stepMs })
    if (series === undefined) throw new Error('a series was asked for and none read')
    if (query.format === 'csv' || (query.format === undefined && wantsCsv(headerOf(request, 'accept'))))
      return reply.type('text/csv; charset=utf-8').send(csvOf(series))
    const offsetMs = compare === undefined ? 0 : Number.parseInt(compare, 10) * dayMs
    const [before] =
      offsetMs === 0
        ? []
        : await shop.readSeries([{ metric, segment }], {
            fromMs: fromMs + offsetMs,
            toMs: toMs + offsetMs,
            stepMs
          })
    const marks = await shop.store.anomalies({
      ...{ pipeline, metric, segment, limit: mostMarks },
      endsFromMs: fromMs,
      endsToMs: toMs
    })
    const incidents = await operating.incidents({ touchedSinceMs: fromMs, limit: mostIncidents })
    return {
      ...series,
      compare: before === undefined ? null : { offset_ms: offsetMs, value: before.value },
      anomalies: marks.map(markOf).reverse(),
      incidents: incidents
        .filter(({ alerts, openedAt }) => openedAt < toMs && alerts.some(isOn(metric)))
        .map(incident => spanOf(incident, shop))
        .reverse()
    }
  })
}

const wantsCsv = (accept: string | undefined): boolean => accept?.trim().startsWith('text/csv') === true

const isOn =
  (metric: string) =>
  ({ lastAnomaly }: Pick<StoredIncident, 'lastAnomaly'>) =>
    lastAnomaly.metric === metric

function spanOf(incident: StoredIncident, shop: Shop): SeriesPage['incidents'][number] {
  const { id, kind, segment, severity, title, condition_from, condition_to, status } = incidentView(
    incident,
    shop
  )
  return {
    ...{ id, kind, segment, severity, title },
    from: condition_from,
    to: status === 'open' ? null : condition_to
  }
}
