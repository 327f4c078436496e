import { kindOf } from '../../detectors/kind-of.ts'
import type { Severity } from '../../detectors/types.ts'
import type { Matchers } from './matchers.ts'
import { type ConfiguredLabels, fits, fitsAny, type Labelled, labelsOf, misfit } from './matchers.ts'
import type { ReceiverSettings } from './receiver.ts'
import { addressOf } from './receiver.ts'
import { createWithin, type TimeInterval, type Within } from './time-intervals.ts'

export interface Subject {
  readonly kind: string
  readonly segment: string
  readonly severity: Severity
}

/** A route behind the border. */
export interface Route {
  readonly match: Matchers
  /** Names of intervals, `!` for outside of it; an empty list is always. */
  readonly when: readonly string[]
  /** A receiver, or `none`. */
  readonly receiver: string
  readonly continues: boolean
}

/** What subjects have in common, and what routes refer to. */
export interface RoutingContext extends ConfiguredLabels {
  readonly pipeline: string
  readonly intervals: ReadonlyMap<string, TimeInterval>
}

interface RoutedTo {
  readonly name: string
  readonly isPager: boolean
  /** To be told of the end too, where it was told of the beginning. */
  readonly endIsTold: boolean
}

/** What became of one route for one subject, for people. */
interface Step {
  /** Its place among the routes, counted from 0. */
  readonly route: number
  readonly receiver: string
  readonly outcome: 'matched' | 'passed_over' | 'not_reached'
  /** Why it did not match, or why its receiver is not told; empty where there is nothing to say. */
  readonly why: string
}

/** Who is to be told of what, at a time by the wall clock. */
export interface Routing {
  to(subject: Subject, nowMs: number): readonly RoutedTo[]
  /** Of an incident in a summary: pagers are told of none. Routes of the kind `catch_up` take it too. */
  summaryTo(subject: Subject, nowMs: number): readonly RoutedTo[]
  path(subject: Subject, nowMs: number): readonly Step[]
  labelled(subject: Subject): Labelled
  /** Whether a silence or the like concerns it. */
  fits(matchers: Matchers, subject: Subject): boolean
  /** Whether a receiver that was told of the beginning is to be told of the end, wherever routes lead by then. */
  tellsEnd(receiver: string, kind: string): boolean
}

/** Beside an incident's own kind, that of a summary. */
export const summaryKind = 'catch_up'

/**
 * Who is told of what: routes in order, the first match wins unless it continues. Of receivers with the same address
 * only the first is told.
 */
export function createRouting(
  routes: readonly Route[],
  receivers: ReadonlyMap<string, ReceiverSettings>,
  context: RoutingContext
): Routing {
  const firstOf = new Map<string, string>()
  for (const [name, receiver] of receivers) {
    const address = addressOf(receiver)
    if (!firstOf.has(address)) firstOf.set(address, name)
  }
  const intervals = new Map<string, Within>()
  for (const [name, interval] of context.intervals) intervals.set(name, createWithin(interval))

  const labelled = (subject: Subject): Labelled => ({
    kind: subject.kind,
    segment: subject.segment,
    severity: subject.severity,
    pipeline: context.pipeline,
    labels: labelsOf(context, subject.kind, subject.segment)
  })

  /** One name an address everywhere: summaries of several incidents must not reach it twice either. */
  function toldName(name: string): string | undefined {
    const receiver = receivers.get(name)
    return receiver && firstOf.get(addressOf(receiver))
  }

  function walk(subject: Subject, nowMs: number, alsoKinds: readonly string[]): Step[] {
    const wanted = labelled(subject)
    const told = new Set<string>()
    let ended = false
    return routes.map(({ match, when, receiver, continues }, route): Step => {
      const step = { route, receiver }
      if (ended) return { ...step, outcome: 'not_reached', why: '' }
      const why = misfit(match, wanted, alsoKinds) ?? outside(when, nowMs)
      if (why !== null) return { ...step, outcome: 'passed_over', why }
      ended = !continues
      const name = toldName(receiver)
      const isFirst = name === undefined || !told.has(name)
      if (name !== undefined) told.add(name)
      return {
        ...step,
        outcome: 'matched',
        why: isFirst ? otherName(receiver, name) : `${name} is told already`
      }
    })
  }

  const otherName = (receiver: string, name: string | undefined): string =>
    name === undefined || name === receiver ? '' : `told as ${name}, which has the same address`

  function outside(when: readonly string[], nowMs: number): string | null {
    if (when.length === 0) return null
    const holding = [...intervals].filter(([, within]) => within.holds(nowMs)).map(([name]) => name)
    if (fitsAny(when, holding)) return null
    const named = intervals.get((when[0] as string).replace(/^!/, ''))
    return `it is ${named?.clock(nowMs) ?? new Date(nowMs).toISOString()}`
  }

  function told(subject: Subject, nowMs: number, alsoKinds: readonly string[]): RoutedTo[] {
    const names = new Set<string>()
    for (const { outcome, receiver } of walk(subject, nowMs, alsoKinds)) {
      const name = outcome === 'matched' ? toldName(receiver) : undefined
      if (name !== undefined) names.add(name)
    }
    return [...names].map(name => {
      const isPager = receivers.get(name)?.type === 'pagerduty'
      return { name, isPager, endIsTold: tellsEnd(name, subject.kind) }
    })
  }

  function tellsEnd(name: string, kind: string): boolean {
    const receiver = receivers.get(name)
    if (receiver === undefined) return false
    return receiver.type === 'pagerduty' || receiver.sendResolved || kindOf(kind)?.alwaysNotifiesEnd === true
  }

  return {
    to: (subject, nowMs) => told(subject, nowMs, []),
    summaryTo: (subject, nowMs) => told(subject, nowMs, [summaryKind]).filter(({ isPager }) => !isPager),
    path: (subject, nowMs) => walk(subject, nowMs, []),
    labelled,
    fits: (matchers, subject) => fits(matchers, labelled(subject)),
    tellsEnd
  }
}
