import type { WindowMetrics } from '../src/metrics/types.ts'
import { minuteMs } from '../src/time/units.ts'
import type { BaselineOptions } from './baseline/options.ts'
import type { Severity } from './types.ts'

/** Findings closer together than this are of one condition. */
const quietMs = 30 * minuteMs

/** What is found of something at a close: in how many of the newest windows, and how long it may keep them out. */
export interface FoundWindows {
  readonly windows: number
  readonly limitMs: number
}

/**
 * What becomes of the newest windows: `none` was found; those of a finding are `excluded` from training; of a condition
 * that has lasted, what the windows since it began show is `believed`; those after that `train` although they are found.
 */
export type Exclusion =
  | { readonly kind: 'none' | 'train' }
  | { readonly kind: 'excluded' | 'believed'; readonly windows: number }

type Limits = Pick<BaselineOptions, 'excludeMs' | 'believeMs' | 'believeLowMs'>

/** How long a finding keeps its windows out of training: a critical one is an outage, no level to get used to. */
export function createLimits({ excludeMs, believeMs, believeLowMs }: Limits): (severity: Severity) => number {
  return function limitOf(severity) {
    switch (severity) {
      case 'low':
        return Math.min(believeLowMs, excludeMs)
      case 'medium':
      case 'high':
        return Math.min(believeMs, excludeMs)
      case 'critical':
        return excludeMs
      default:
        return severity satisfies never
    }
  }
}

export interface ExclusionOptions {
  readonly windowMs: number
  /** Added to the bounds of a condition. */
  readonly slackMs?: number
}

export function createExclusion({ windowMs, slackMs = 0 }: ExclusionOptions) {
  let since = Number.NEGATIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  let believedAt: number | undefined
  /** The longest of the condition: a finding that is milder for a window makes no outage a level to get used to. */
  let longestMs = 0
  return function exclusion(
    { start, end }: Pick<WindowMetrics, 'start' | 'end'>,
    { windows, limitMs }: FoundWindows
  ): Exclusion {
    if (windows === 0) return { kind: 'none' }
    if (start - last > quietMs + slackMs) {
      since = start
      believedAt = undefined
      longestMs = 0
    }
    last = start
    longestMs = Math.max(longestMs, limitMs)
    if (end - since <= longestMs + slackMs) return { kind: 'excluded', windows }
    // A condition that goes on has moved further: what it has come to since is believed after another while.
    if (believedAt !== undefined && end - believedAt < again) return { kind: 'train' }
    const from = believedAt ?? since
    believedAt = end
    return { kind: 'believed', windows: Math.round((end - from) / windowMs) }
  }
}

const again = 10 * minuteMs
