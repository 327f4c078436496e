import type { DetectorsOptions } from '../../../detectors/catalogue.ts'
import type { Loss } from '../../../detectors/kind.ts'
import { uniformOf } from '../../../producer/random.ts'
import type { Loaded } from '../../config/load.ts'
import { createDecisions } from '../../decide/decision.ts'
import { createExpectedSpans, type IsExpected } from '../../decide/expected-spans.ts'
import { createShopCurrency, type ShopCurrency } from '../../decode/currency/shop-currency.ts'
import { createShopMetrics } from '../../metrics/create.ts'
import type { WindowMetrics } from '../../metrics/types.ts'
import type { Store } from '../../store/types.ts'
import type { Logger } from '../../telemetry/types.ts'
import { createOutcome, type Span } from '../backtest/outcome.ts'
import { type Judge, leadMs, playStored } from '../backtest/play.ts'
import { createSeen, type Limit, limitsOf } from '../backtest/seen.ts'
import { recallCurrency } from '../held-lines.ts'
import { type Drop, drawDrops } from '../tune/drops.ts'
import { createLowering } from '../tune/lowered.ts'
import { detectorsWith, settingsOf, type Tunable, tunables } from '../tune/settings.ts'
import { type KindTrials, kindTrials, type Labelled } from '../tune/trial.ts'
import { noMemory, ofWholeShop, shopDimensions } from './backtest.ts'
import { buildStages } from './stages.ts'

/** What kinds would have found at several settings of their thresholds. */
export interface Tune {
  readonly span: Span
  readonly seed: number
  readonly windows: number
  /** What was put into the past. */
  readonly drops: readonly Drop[]
  readonly kinds: readonly KindTrials[]
  /** How many incidents of the time are labelled. */
  readonly labels: number
  readonly limits: readonly Limit[]
}

export interface TuneParts extends Span {
  readonly loaded: Pick<Loaded, 'config' | 'hash'>
  readonly store: Store
  readonly log: Logger
  readonly kinds: readonly Tunable[]
  /** What is tried of each; five values around the configured one where left out. */
  readonly values?: readonly number[] | undefined
  readonly seed: number
  readonly onProgress: (share: number) => void
}

/** Those that the configuration has switched on, and gives something to look at. */
export const tunablesOf = ({ config: { detectors } }: Pick<Loaded, 'config'>): readonly Tunable[] =>
  tunables.filter(({ kind }) => {
    const { enabled } = detectors[kind]
    return enabled && (kind !== 'metric_change' || detectors.metric_change.metrics.length > 0)
  })

/** Tries thresholds on the stored windows of the whole shop. Rejects with the store's error. */
export async function tuneStored(parts: TuneParts): Promise<Tune> {
  const { store, fromMs, toMs, log, seed } = parts
  const { config, hash } = ofWholeShop(parts.loaded)
  const { pipeline, windows, store: settings } = config
  const span = { fromMs, toMs }
  const expected = createExpectedSpans()
  expected.replace(await store.expectedIncidents(pipeline, fromMs - settings.historyMs))
  const shop = createShopCurrency(config)
  await recallCurrency(shop, store, pipeline)

  const judgeOf = createJudgeOf({ config, hash, shop, isExpected: expected.covers, log, span })
  const drops = drawDrops(span, windows.sizeMs, uniformOf(seed, 'drops'))
  const { metrics } = createShopMetrics(config)
  const lowering = (loss: Loss) => createLowering(loss, drops, metrics, uniformOf(seed, loss))
  const losses = {
    visitors: lowering('visitors'),
    purchases: lowering('purchases'),
    prices: lowering('prices')
  }
  const tried = parts.kinds.map(one => ({
    one,
    runs: settingsOf(one, config.detectors, parts.values).map(setting => {
      const detectors = detectorsWith(config.detectors, one, setting)
      const { finds } = one.tuning
      const lowered = finds && drops.length > 0 ? judgeOf(detectors, losses[finds]) : undefined
      return { setting, plain: judgeOf(detectors), lowered }
    })
  }))

  const seen = createSeen(windows.sizeMs)
  await playStored({
    ...span,
    store,
    pipeline,
    judges: tried.flatMap(({ runs }) =>
      runs.flatMap(({ plain, lowered }) => [plain.judge, ...(lowered ? [lowered.judge] : [])])
    ),
    historyMs: settings.historyMs,
    dimensions: shopDimensions,
    windowMs: windows.sizeMs,
    graceMs: windows.graceMs,
    actions: await store.actions(pipeline, fromMs - leadMs),
    onWindow: seen.add,
    onProgress: parts.onProgress
  })
  const labels = await labelledOf(store, pipeline, span)
  const judged = seen.seen()
  return {
    span,
    seed,
    windows: judged.windows,
    drops,
    kinds: tried.map(({ one, runs }) =>
      kindTrials(
        one,
        runs.map(({ setting, plain, lowered }) => ({
          setting,
          plain: plain.outcome(),
          lowered: lowered?.outcome()
        })),
        drops,
        labels
      )
    ),
    labels: labels.length,
    limits: limitsOf(judged, { ...span, windowMs: windows.sizeMs, metrics: [], dimensions: [] })
  }
}

interface JudgeParts extends Pick<Loaded, 'config' | 'hash'> {
  readonly shop: ShopCurrency
  readonly isExpected: IsExpected
  readonly log: Logger
  readonly span: Span
}

function createJudgeOf({ config, hash, shop, isExpected, log, span }: JudgeParts) {
  return function judgeOf(detectors: DetectorsOptions, sees?: (window: WindowMetrics) => WindowMetrics) {
    const stages = buildStages({ ...config, detectors }, log, shop)
    const outcome = createOutcome(span)
    const judge: Judge = {
      detection: stages.newDetection({ isExpected }),
      decisions: createDecisions({
        pipeline: config.pipeline,
        configHash: hash,
        incidents: stages.newIncidents(noMemory),
        detectedBefore: new Map()
      }),
      take: outcome.add,
      ...(sees && { sees })
    }
    return { judge, outcome: outcome.outcome }
  }
}

async function labelledOf(
  store: Pick<Store, 'labels' | 'findIncidents'>,
  pipeline: string,
  { fromMs, toMs }: Span
): Promise<readonly Labelled[]> {
  const labels = await store.labels(pipeline)
  if (labels.size === 0) return []
  const incidents = await store.findIncidents({ pipeline, sinceMs: fromMs })
  return incidents.flatMap(incident => {
    const label = labels.get(incident.id)
    const isOfSpan = incident.openedAt > fromMs && incident.openedAt <= toMs
    return label && isOfSpan ? [{ incident, verdict: label.verdict }] : []
  })
}
