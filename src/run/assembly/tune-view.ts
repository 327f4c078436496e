import type { Config } from '../../config/schema.ts'
import type { TuneAnswer, TuneSetting, TuneTrial } from '../../web/api/tune.ts'
import { limitText } from '../backtest/limit-text.ts'
import type { Span } from '../backtest/outcome.ts'
import { configuredOf, metricOf, type Tunable } from '../tune/settings.ts'
import { weekly, yamlOf } from '../tune/text.ts'
import { suggestedOf, type Trial } from '../tune/trial.ts'
import type { Tune } from './tune.ts'

/** What was tried of a kind so far, as the API shows it. */
export interface Tried extends Pick<Tune, 'windows' | 'labels' | 'limits'> {
  readonly one: Tunable
  readonly days: number
  readonly span: Span
  readonly trials: readonly Trial[]
}

export const kindView = (one: Tunable, { detectors }: Config): TuneAnswer['kinds'][number] => ({
  kind: one.kind,
  metric: metricOf(one, detectors),
  option: one.tuning.key,
  unit: one.tuning.unit,
  stricter: one.tuning.stricter,
  configured: configuredOf(one, detectors),
  loss: one.tuning.finds ?? null
})

export function triedView({
  one,
  days,
  span,
  trials,
  windows,
  labels,
  limits
}: Tried): Omit<TuneTrial, 'status' | 'progress' | 'error' | 'outdated'> {
  const suggested = suggestedOf(trials)
  return {
    ...{ kind: one.kind, days, from: iso(span.fromMs), to: iso(span.toMs), windows },
    labelled_incidents: labels,
    settings: trials.map(trial => settingView(one, trial, { span, isSuggested: trial === suggested })),
    notes: limits.map(limitText)
  }
}

function settingView(
  one: Tunable,
  trial: Trial,
  { span, isSuggested }: { readonly span: Span; readonly isSuggested: boolean }
): TuneSetting {
  const { value, isConfigured, anomalies, incidents, pages, labelled, missed, drops, opened } = trial
  return {
    ...{ value, configured: isConfigured, suggested: isSuggested, anomalies, incidents, pages },
    pages_per_week: weekly(pages, span),
    ...{ ...labelled, missed },
    drops:
      drops?.map(({ depth, drops: of, found, medianMs }) => ({
        ...{ depth, drops: of, found },
        median_ms: medianMs
      })) ?? null,
    opened: opened.map(({ openedAt, resolvedAt, severity, verdict }) => ({
      opened_at: iso(openedAt),
      resolved_at: resolvedAt === null ? null : iso(resolvedAt),
      severity,
      label: verdict ?? null
    })),
    yaml: yamlOf([{ ...one, setting: trial }]) ?? ''
  }
}

const iso = (ms: number): string => new Date(ms).toISOString()
