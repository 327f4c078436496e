import { kindOf } from '../../detectors/kind-of.ts'
import {
  type ConfiguredLabels,
  type Labelled,
  labelsOf,
  type Matchers,
  matches,
  mismatch,
  type Subject
} from './matchers.ts'
import { addressOf, type ReceiverSettings } from './receiver.ts'
import { createActivityCheck, type TimeInterval } from './time-intervals.ts'

/** A route of the configuration, parsed. */
export interface Route {
  readonly match: Matchers
  /** Names of time intervals, with `!` for outside of one; an empty list means always. */
  readonly when: readonly string[]
  /** A receiver, or `none`. */
  readonly receiver: string
  readonly continues: boolean
}

/** The labels that every subject gets, and the time intervals that routes name. */
export interface RoutingContext extends ConfiguredLabels {
  readonly pipeline: string
  readonly intervals: ReadonlyMap<string, TimeInterval>
}

interface RoutedTo {
  readonly name: string
  readonly isPager: boolean
  /** It is also notified when the incident is resolved. */
  readonly sendsResolved: boolean
}

/** How one route was evaluated for one subject, for people. */
interface Step {
  /** Index of the route, from 0. */
  readonly route: number
  readonly receiver: string
  readonly outcome: 'matched' | 'not_matched' | 'not_reached'
  /** Why it did not match, or why its receiver is not notified under this name; else empty. */
  readonly why: string
}

/** The kind of a summary, which an incident in it has beside its own. */
export const summaryKind = 'catch_up'

/** Which receivers are notified about what, at a time of the wall clock. */
export type Routing = ReturnType<typeof createRouting>

/**
 * Routes are tried in order: the first match wins, unless it continues. Of several receivers with one address only the
 * first in the configuration is notified.
 */
// oxlint-disable-next-line max-lines-per-function -- one configuration of routes, and what is asked of it
export function createRouting(
  routes: readonly Route[],
  receivers: ReadonlyMap<string, ReceiverSettings>,
  context: RoutingContext
) {
  const firstOf = new Map<string, string>()
  for (const [name, receiver] of receivers) {
    const address = addressOf(receiver)
    if (!firstOf.has(address)) firstOf.set(address, name)
  }
  const { whyInactive, activeAt } = createActivityCheck(context.intervals)

  // The same incident is asked about every second: what depends on nothing else is kept as long as it is unchanged.
  const knownLabels = new WeakMap<Subject, Labelled>()
  const knownTargets = new WeakMap<Subject, { readonly hours: string; readonly targets: RoutedTo[] }>()

  function labelled(subject: Subject): Labelled {
    const { kind, segment, severity } = subject
    const known = knownLabels.get(subject)
    if (known !== undefined) return known
    const { pipeline } = context
    const made = { kind, segment, severity, pipeline, labels: labelsOf(context, kind, segment) }
    knownLabels.set(subject, made)
    return made
  }

  function targetsOf(subject: Subject, nowMs: number): RoutedTo[] {
    const hours = activeAt(nowMs)
    const known = knownTargets.get(subject)
    if (known?.hours === hours) return known.targets
    const targets = receiversOf(subject, nowMs, [])
    knownTargets.set(subject, { hours, targets })
    return targets
  }

  /** The same for every incident: a summary of several incidents must not reach one address twice. */
  function sharedName(name: string): string | undefined {
    const receiver = receivers.get(name)
    return receiver && firstOf.get(addressOf(receiver))
  }

  function walk(subject: Subject, nowMs: number, alsoKinds: readonly string[]): Step[] {
    const wanted = labelled(subject)
    const notified = new Set<string>()
    let isDone = false
    return routes.map(({ match, when, receiver, continues }, route): Step => {
      const step = { route, receiver }
      if (isDone) return { ...step, outcome: 'not_reached', why: '' }
      const why = mismatch(match, wanted, alsoKinds) ?? whyInactive(when, nowMs)
      if (why !== null) return { ...step, outcome: 'not_matched', why }
      isDone = !continues
      const name = sharedName(receiver)
      const isFirst = name === undefined || !notified.has(name)
      if (name !== undefined) notified.add(name)
      return {
        ...step,
        outcome: 'matched',
        why: isFirst ? otherName(receiver, name) : `${name} is already notified`
      }
    })
  }

  const otherName = (receiver: string, name: string | undefined): string =>
    name === undefined || name === receiver ? '' : `notified as ${name}, which has the same address`

  function receiversOf(subject: Subject, nowMs: number, alsoKinds: readonly string[]): RoutedTo[] {
    const names = new Set<string>()
    for (const { outcome, receiver } of walk(subject, nowMs, alsoKinds)) {
      const name = outcome === 'matched' ? sharedName(receiver) : undefined
      if (name !== undefined) names.add(name)
    }
    return [...names].map(name => {
      const isPager = receivers.get(name)?.type === 'pagerduty'
      return { name, isPager, sendsResolved: sendsResolved(name, subject.kind) }
    })
  }

  /** Whether a receiver that was notified of an incident is also notified of its end, whatever the routes say by then. */
  function sendsResolved(name: string, kind: string): boolean {
    const receiver = receivers.get(name)
    if (receiver === undefined) return false
    return receiver.type === 'pagerduty' || receiver.sendResolved || kindOf(kind)?.alwaysNotifiesEnd === true
  }

  return {
    to: (subject: Subject, nowMs: number): readonly RoutedTo[] => targetsOf(subject, nowMs),
    /** For an incident in a summary: never a pager. A route that matches the kind `catch_up` matches it too. */
    summaryTo: (subject: Subject, nowMs: number) =>
      receiversOf(subject, nowMs, [summaryKind]).filter(({ isPager }) => !isPager),
    path: (subject: Subject, nowMs: number) => walk(subject, nowMs, []),
    labelled,
    matches: (matchers: Matchers, subject: Subject) => matches(matchers, labelled(subject)),
    sendsResolved
  }
}
