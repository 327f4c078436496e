import type { FastifyInstance } from 'fastify'
import { isSegmentedBy } from '../../metrics/create.ts'
import { combinationName } from '../../metrics/dimensions.ts'
import { scaleOf } from '../../metrics/scale.ts'
import { dayMs } from '../../time/units.ts'
import type { MetricsAnswer } from '../api/metrics.ts'
import { routes } from '../api/routes.ts'
import type { Way } from '../inbound/context.ts'
import { serve } from './serve.ts'

const mostSegments = 20

/** GET /api/metrics: metrics, dimensions and segments that series can be asked of. */
export function addMetrics(app: FastifyInstance, way: Way): void {
  const { operating, shop } = way
  const { pipeline } = operating

  serve(app, way, routes.metrics, async (): Promise<MetricsAnswer> => {
    const { segments, timezone } = shop.config()
    const names = [
      ...segments.dimensions,
      ...segments.combinations.map(([first, second]) => combinationName(first, second))
    ]
    const span = await shop.store.windowSpan(pipeline)
    const dimensions: MetricsAnswer['dimensions'] = []
    for (const name of names) {
      const asked = { metric: 'events', dimension: name, limit: mostSegments }
      const found =
        span === undefined
          ? []
          : await shop.store.segmentTotals(pipeline, { ...asked, fromMs: span.toMs - dayMs, toMs: span.toMs })
      dimensions.push({ name, segments: found.map(({ segment }) => segment) })
    }
    return {
      metrics: shop.definitions.map(metric => {
        const { unit, additive } = scaleOf(metric)
        return {
          ...{ name: metric.name, description: metric.description, unit, additive, bad: metric.bad },
          currency: unit === 'money' ? shop.currency() : null,
          whole_shop: metric.kind !== 'segment_share' && metric.kind !== 'field_share',
          dimensions:
            metric.kind === 'segment_share'
              ? [metric.dimension]
              : names.filter(name => isSegmentedBy(metric, name))
        }
      }),
      dimensions,
      window_ms: shop.scale.windowMs,
      first_window: span === undefined ? null : new Date(span.fromMs).toISOString(),
      last_window: span === undefined ? null : new Date(span.toMs).toISOString(),
      timezone
    }
  })
}
