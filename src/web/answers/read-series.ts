import { scaleOf } from '../../metrics/scale.ts'
import type { MetricDefinition } from '../../metrics/types.ts'
import type { SeriesKey, SeriesReads, SeriesStep } from '../../store/tables/series.ts'
import type { SeriesAnswer } from '../api/series.ts'
import { alignedTo } from './steps.ts'

export interface ReadSeriesOptions {
  readonly pipeline: string
  readonly store: Pick<SeriesReads, 'series'>
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
export const seriesReader = ({ pipeline, store, windowMs, currency, definitionOf }: ReadSeriesOptions) =>
  async function readSeries(keys: readonly SeriesKey[], span: Span): Promise<readonly SeriesAnswer[]> {
    const { stepMs } = span
    const aligned = alignedTo(stepMs, span.fromMs, span.toMs)
    const stored = Map.groupBy(await store.series(pipeline, { keys, ...aligned, stepMs }), nameOf)
    return keys.map(key => {
      const definition = definitionOf(key.metric)
      const { unit, additive } = definition
        ? scaleOf(definition)
        : { unit: 'number' as const, additive: false }
      return {
        ...key,
        unit,
        currency: unit === 'money' ? currency() : null,
        additive,
        window_ms: windowMs,
        step_ms: stepMs,
        from: new Date(aligned.fromMs).toISOString(),
        to: new Date(aligned.toMs).toISOString(),
        ...columnsOf(stored.get(nameOf(key)) ?? [], { ...aligned, stepMs }, { windowMs, definition })
      }
    })
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
    expected: isWindow ? column(() => null) : null,
    lower: isWindow ? column(() => null) : null,
    upper: isWindow ? column(() => null) : null,
    band: isWindow ? column(() => null) : null,
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
