import { scaleOf } from '../../metrics/scale.ts'
import type { MetricDefinition } from '../../metrics/types.ts'
import type { SeriesKey, SeriesReads, SeriesStep } from '../../store/tables/series.ts'
import type { SeriesAnswer } from '../api/series.ts'
import { alignedTo } from './steps.ts'

/** How the shop's numbers are read. */
export interface SeriesScale {
  readonly windowMs: number
  readonly currency: () => string
  readonly definitionOf: (metric: string) => MetricDefinition | undefined
}

export interface Span {
  readonly fromMs: number
  readonly toMs: number
  readonly stepMs: number
}

/** Reads series of any metrics and segments over one span, in the order in which they are asked for. */
export const seriesReader = (pipeline: string, store: Pick<SeriesReads, 'series'>, scale: SeriesScale) =>
  async function readSeries(keys: readonly SeriesKey[], span: Span): Promise<readonly SeriesAnswer[]> {
    const whole = { ...span, ...alignedTo(span.stepMs, span.fromMs, span.toMs) }
    const stored = Map.groupBy(
      await store.series(pipeline, { keys, ...whole, isWindow: span.stepMs === scale.windowMs }),
      nameOf
    )
    return keys.map(key => seriesOf(key, stored.get(nameOf(key)) ?? [], whole, scale))
  }

/** A series out of its stored steps; the span is in whole steps. */
export function seriesOf(
  key: SeriesKey,
  stored: readonly SeriesStep[],
  span: Span,
  { windowMs, currency, definitionOf }: SeriesScale
): SeriesAnswer {
  const definition = definitionOf(key.metric)
  const { unit, additive } = definition ? scaleOf(definition) : { unit: 'number' as const, additive: false }
  return {
    ...key,
    unit,
    currency: unit === 'money' ? currency() : null,
    additive,
    window_ms: windowMs,
    step_ms: span.stepMs,
    from: new Date(span.fromMs).toISOString(),
    to: new Date(span.toMs).toISOString(),
    ...columnsOf(stored, span, { windowMs, definition })
  }
}

const nameOf = ({ metric, segment }: SeriesKey) => `${metric}\0${segment}`

type Columns = Pick<
  SeriesAnswer,
  'at' | 'value' | 'min' | 'max' | 'expected' | 'lower' | 'upper' | 'band' | 'complete'
>

function columnsOf(
  stored: readonly SeriesStep[],
  { fromMs, toMs, stepMs }: Span,
  { windowMs, definition }: { readonly windowMs: number; readonly definition: MetricDefinition | undefined }
): Columns {
  const byStart = new Map(stored.map(step => [step.start, step]))
  const at = Array.from({ length: Math.round((toMs - fromMs) / stepMs) }, (_, step) => fromMs + step * stepMs)
  const steps = at.map(start => byStart.get(start))
  const isWindow = stepMs === windowMs
  const column = <T>(of: (step: SeriesStep) => T) => steps.map(step => (step === undefined ? null : of(step)))
  return {
    at,
    value: column(step => stepValue(step, definition)),
    min: isWindow ? null : column(({ least }) => least),
    max: isWindow ? null : column(({ greatest }) => greatest),
    expected: isWindow ? column(({ band }) => band?.expected ?? null) : null,
    lower: isWindow ? column(({ band }) => band?.lower ?? null) : null,
    upper: isWindow ? column(({ band }) => band?.upper ?? null) : null,
    band: isWindow ? column(({ band }) => band?.state ?? null) : null,
    complete: column(({ complete }) => complete)
  }
}

/** All events of a step together; a quantile adds up over no windows. */
function stepValue(
  { numerator, denominator, mean }: Pick<SeriesStep, 'numerator' | 'denominator' | 'mean'>,
  definition: MetricDefinition | undefined
): number | null {
  if (definition?.kind === 'quantile') return mean
  if (denominator === 0) return null
  const value = numerator / denominator
  return definition?.kind === 'ratio' ? Math.max(value, definition.floor ?? value) : value
}
