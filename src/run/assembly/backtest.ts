import type { Loaded } from '../../config/load.ts'
import type { Config } from '../../config/schema.ts'
import { createDecisions } from '../../decide/decision.ts'
import { createExpectedSpans } from '../../decide/expected-spans.ts'
import type { IncidentLabel } from '../../incident/labels.ts'
import { shopMetrics } from '../../metrics/catalogue.ts'
import type { Store } from '../../store/types.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import { type Comparison, compareOutcomes } from '../backtest/compare.ts'
import { createOutcome, type Outcome, type Span, storedOutcome } from '../backtest/outcome.ts'
import { type Judge, leadMs, playStored } from '../backtest/play.ts'
import { createSeen, type Limit, limitsOf } from '../backtest/seen.ts'
import { recallCurrency } from '../held-lines.ts'
import { buildReplay } from './replay.ts'
import { buildStages } from './stages.ts'

/** What a configuration would have found and sent, beside what another one would have, or what is stored. */
export interface Backtest {
  readonly span: Span
  readonly windows: number
  readonly comparison: Comparison
  /** What was asked for and cannot be answered. */
  readonly limits: readonly Limit[]
  /** What people said of incidents, by their ids. */
  readonly labels: ReadonlyMap<string, IncidentLabel>
}

interface BacktestParts {
  readonly loaded: Loaded
  /** What it is compared with; undefined: what is stored. */
  readonly against: Loaded | undefined
  readonly clock: Clock
  readonly log: Logger
}

export interface StoredBacktestParts extends BacktestParts, Span {
  /** Judges no segments, which is faster. */
  readonly wholeShop: boolean
  readonly store: Store
  readonly onProgress: (share: number) => void
}

/** A replay knows nothing of earlier runs. */
export const noMemory = { incidents: async () => [], notifications: async () => [], actions: async () => [] }

/** Judges stored windows again. Rejects with the store's error. */
export async function backtestStored(parts: StoredBacktestParts): Promise<Backtest> {
  const { store, fromMs, toMs, log, wholeShop } = parts
  const asked = (one: Loaded) => (wholeShop ? ofWholeShop(one) : one)
  const loaded = asked(parts.loaded)
  const against = parts.against && asked(parts.against)
  const { config } = loaded
  const { pipeline, windows, store: settings } = config
  const span = { fromMs, toMs }
  const expected = createExpectedSpans()
  expected.replace(await store.expectedIncidents(pipeline, fromMs - settings.historyMs))

  async function judgeOf({ config, hash }: Loaded) {
    const stages = buildStages(config, log)
    await recallCurrency(stages.shop, store, pipeline)
    const outcome = createOutcome(span)
    const judge: Judge = {
      detection: stages.newDetection({ isExpected: expected.covers }),
      decisions: createDecisions({
        pipeline,
        configHash: hash,
        incidents: stages.newIncidents(noMemory),
        detectedBefore: new Map()
      }),
      take: outcome.add
    }
    return { judge, outcome: outcome.outcome }
  }

  const seen = createSeen(windows.sizeMs)
  const after = await judgeOf(loaded)
  const before = against && (await judgeOf(against))
  await playStored({
    ...span,
    store,
    pipeline,
    judges: [after, ...(before ? [before] : [])].map(({ judge }) => judge),
    historyMs: settings.historyMs,
    dimensions: wholeShop ? shopDimensions : undefined,
    windowMs: windows.sizeMs,
    graceMs: windows.graceMs,
    actions: await store.actions(pipeline, fromMs - leadMs),
    onWindow: seen.add,
    onProgress: parts.onProgress
  })
  const judged = seen.seen()
  return {
    span,
    windows: judged.windows,
    comparison: compareOutcomes(
      before?.outcome() ?? (await storedOutcome(store, pipeline, span)),
      after.outcome()
    ),
    limits: limitsOf(judged, { ...span, windowMs: windows.sizeMs, ...askedOf(config) }),
    labels: await store.labels(pipeline)
  }
}

export interface EventsBacktestParts extends BacktestParts {
  /** Undefined where there is something else to compare with. */
  readonly store: Store | undefined
  /** Only what is of these times counts, where they are given. */
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
  /** Reads the lines of the file. */
  readonly read: (
    take: (line: Buffer | string, lineNumber: number) => void,
    ready: () => Promise<void>
  ) => Promise<void>
}

/** Counts recorded events into windows and judges these: for what stored windows cannot answer. */
export async function backtestEvents(parts: EventsBacktestParts): Promise<Backtest> {
  const { loaded, against, store, clock, log, read } = parts
  const whole = {
    fromMs: parts.fromMs ?? Number.NEGATIVE_INFINITY,
    toMs: parts.toMs ?? Number.POSITIVE_INFINITY
  }
  const { pipeline } = loaded.config
  const expected = createExpectedSpans()
  if (store) expected.replace(await store.expectedIncidents(pipeline, parts.fromMs ?? 0))
  const runOf = async (one: Loaded) => {
    const outcome = createOutcome(whole)
    const run = await buildReplay({
      ...{ loaded: one, clock, log, folder: undefined, send: false, isExpected: expected.covers },
      onDecision: outcome.add
    })
    return { run, outcome: outcome.outcome }
  }
  const after = await runOf(loaded)
  const before = against && (await runOf(against))
  const runs = before ? [after.run, before.run] : [after.run]
  await read(
    (line, lineNumber) => {
      for (const { replay } of runs) replay.take(line, lineNumber)
    },
    async () => {
      for (const { ready } of runs) await ready()
    }
  )
  for (const { replay, close } of runs) {
    replay.end()
    await close()
  }
  const { firstEventTime = 0, lastEventTime = 0, windows } = after.run.replay.counts()
  const { sizeMs } = loaded.config.windows
  const span = {
    fromMs: parts.fromMs ?? Math.floor(firstEventTime / sizeMs) * sizeMs,
    toMs: parts.toMs ?? (Math.floor(lastEventTime / sizeMs) + 1) * sizeMs
  }
  const stored = async (): Promise<Outcome> =>
    store ? storedOutcome(store, pipeline, span) : createOutcome(span).outcome()
  return {
    span,
    windows,
    comparison: compareOutcomes(before?.outcome() ?? (await stored()), after.outcome()),
    limits: [],
    labels: (await store?.labels(pipeline)) ?? new Map()
  }
}

/** What kinds of the whole shop read of segments: faults and fields by type of event. */
export const shopDimensions = ['event_type', 'field × event_type']

/** Without what judges segments. */
export function ofWholeShop<One extends Pick<Loaded, 'config'>>({ config, ...rest }: One) {
  const { detectors } = config
  const { rules } = detectors.metric_threshold
  return {
    ...rest,
    config: {
      ...config,
      detectors: {
        ...detectors,
        segments: { ...detectors.segments, enabled: false },
        metric_threshold: {
          ...detectors.metric_threshold,
          rules: rules.filter(({ dimension, segment }) => dimension === undefined && segment === undefined)
        }
      }
    }
  }
}

/** What a configuration watches beside what every shop has. */
function askedOf({ metrics, detectors, segments }: Config) {
  const { metric_anomaly, metric_change, metric_threshold } = detectors
  const everyShops = new Set(shopMetrics.map(({ name }) => name))
  const own = Object.keys(metrics).filter(name => !everyShops.has(name))
  return {
    metrics: [
      ...new Set([
        ...own,
        ...(metric_change.enabled ? metric_change.metrics : []),
        ...(metric_anomaly.enabled ? metric_anomaly.metrics : []),
        ...(metric_threshold.enabled ? metric_threshold.rules.map(({ metric }) => metric) : [])
      ])
    ],
    dimensions: detectors.segments.enabled ? segments.watch : []
  }
}
