import { kindOf } from '../../detectors/kind-of.ts'
import type { Severity } from '../../detectors/types.ts'
import type { EscalationLevel, Escalations } from './escalation.ts'
import { type Assignment, memberFor, type ReceiverGroup, type ReceiverLoad } from './group.ts'
import { createLabelling, type LabelledAlert } from './labelling.ts'
import {
  type ConfiguredLabels,
  type Labelled,
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
  /** Receivers and groups of them, or `none`. */
  readonly receivers: readonly string[]
  readonly continues: boolean
  /** The escalation policy of what it matches; absent where there is none. */
  readonly escalate?: string | undefined
}

/** The labels that every subject gets, and the time intervals that routes name. */
export interface RoutingContext extends ConfiguredLabels {
  readonly pipeline: string
  readonly intervals: ReadonlyMap<string, TimeInterval>
  /** Incidents of this severity are in the digest, and in no message of their own; absent where there is none. */
  readonly digested?: Severity | undefined
  readonly escalations?: Escalations | undefined
}

/** Groups of receivers, and what is known of a receiver now. */
export interface Groups {
  readonly groups: ReadonlyMap<string, ReceiverGroup>
  readonly loadOf: (receiver: string) => ReceiverLoad
}

export const noGroups: Groups = { groups: new Map(), loadOf: () => ({ isBlocked: false, waiting: 0 }) }

export interface RoutedTo {
  readonly name: string
  readonly isPager: boolean
  /** It brings one message up to date, so it also gets each alert that joins an incident. */
  readonly edits: boolean
  /** It is also notified when the incident is resolved. */
  readonly sendsResolved: boolean
}

/** How one route was evaluated for one subject, for people. */
interface Step {
  /** Index of the route, from 0. */
  readonly route: number
  readonly receivers: readonly string[]
  readonly outcome: 'matched' | 'not_matched' | 'not_reached'
  /** Why it did not match, or why a receiver is not notified under this name; else empty. */
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
  context: RoutingContext,
  { groups, loadOf }: Groups = noGroups
) {
  const firstOf = new Map<string, string>()
  for (const [name, receiver] of receivers) {
    const address = addressOf(receiver)
    if (!firstOf.has(address)) firstOf.set(address, name)
  }
  const { whyInactive, activeAt } = createActivityCheck(context.intervals)

  // The same incident is asked about every second: what depends on nothing else is kept as long as it is unchanged.
  const labelledAlerts = createLabelling(context)
  const knownTargets = new WeakMap<Subject, { readonly hours: string } & Targets>()

  /** One of its alerts is enough for a route that notifies somebody; one to `none` has to match them all. */
  function whyNotMatched({ match, receivers: names }: Route, subject: Subject, alsoKinds: readonly string[]) {
    const whys = labelledAlerts(subject).map(one => mismatch(match, one.labelled, alsoKinds))
    if (names.every(name => name === noReceiverName)) return whys.find(why => why !== null) ?? null
    return whys.includes(null) ? null : (whys[0] ?? null)
  }

  function targetsOf(subject: Subject, nowMs: number): Targets {
    const hours = activeAt(nowMs)
    const known = knownTargets.get(subject)
    if (known?.hours === hours) return known
    const matched = matchedSteps(subject, nowMs, [])
    const names = namesIn(matched)
    const targets = {
      hours,
      names,
      policy: matched.map(({ route }) => routes[route]?.escalate).find(policy => policy !== undefined),
      fixed: names.some(name => groups.has(name)) ? null : routed(names, subject)
    }
    knownTargets.set(subject, targets)
    return targets
  }

  /** The same for every incident: a summary of several incidents must not reach one address twice. */
  function sharedName(name: string): string | undefined {
    const receiver = receivers.get(name)
    if (receiver === undefined) return groups.has(name) ? name : undefined
    return firstOf.get(addressOf(receiver))
  }

  function walk(subject: Subject, nowMs: number, alsoKinds: readonly string[]): Step[] {
    const notified = new Set<string>()
    let isDone = false
    return routes.map((one, route): Step => {
      const { when, receivers: names, continues } = one
      const step = { route, receivers: names }
      if (isDone) return { ...step, outcome: 'not_reached', why: '' }
      const why = whyNotMatched(one, subject, alsoKinds) ?? whyInactive(when, nowMs)
      if (why !== null) return { ...step, outcome: 'not_matched', why }
      isDone = !continues
      const whys = names.map(receiver => {
        const name = sharedName(receiver)
        const isFirst = name === undefined || !notified.has(name)
        if (name !== undefined) notified.add(name)
        return isFirst ? otherName(receiver, name) : `${name} is already notified`
      })
      return { ...step, outcome: 'matched', why: whys.filter(text => text !== '').join('; ') }
    })
  }

  const otherName = (receiver: string, name: string | undefined): string =>
    name === undefined || name === receiver ? '' : `notified as ${name}, which has the same address`

  const isDigested = ({ severity }: Subject): boolean => severity === context.digested

  /** None of what is in the digest alone. */
  const matchedSteps = (subject: Subject, nowMs: number, alsoKinds: readonly string[]): Step[] =>
    isDigested(subject) ? [] : walk(subject, nowMs, alsoKinds).filter(({ outcome }) => outcome === 'matched')

  /** Receivers and groups under their shared names, each once; those that are not there are left out. */
  const sharedNames = (names: readonly string[]): string[] => [
    ...new Set(names.map(sharedName).filter(name => name !== undefined))
  ]

  const namesIn = (steps: readonly Step[]): string[] => sharedNames(steps.flatMap(step => step.receivers))

  const namesOf = (subject: Subject, nowMs: number, alsoKinds: readonly string[]): string[] =>
    namesIn(matchedSteps(subject, nowMs, alsoKinds))

  /** With a member in place of each group. */
  function pick(
    names: readonly string[],
    subject: Subject,
    { key, isAssigned, isBroughtIn = () => false }: Assignment
  ): RoutedTo[] {
    const shared = (receiver: string) => sharedName(receiver) ?? receiver
    const own: Assignment = {
      key,
      isAssigned: receiver => isAssigned(shared(receiver)),
      isBroughtIn: receiver => isBroughtIn(shared(receiver))
    }
    const picked = names.map(name => {
      const group = groups.get(name)
      return group ? shared(memberFor(group, own, receiver => loadOf(shared(receiver)))) : name
    })
    return routed([...new Set(picked)], subject)
  }

  const routed = (names: readonly string[], { kind }: Subject): RoutedTo[] =>
    names.map(name => {
      const type = receivers.get(name)?.type
      const isPager = type === 'pagerduty'
      return { name, isPager, edits: type === 'slack_bot', sendsResolved: sendsResolved(name, kind) }
    })

  /** Whether a receiver that was notified of an incident is also notified of its end, whatever the routes say by then. */
  function sendsResolved(name: string, kind: string): boolean {
    const receiver = receivers.get(name)
    if (receiver === undefined) return false
    return receiver.type === 'pagerduty' || receiver.sendResolved || kindOf(kind)?.alwaysNotifiesEnd === true
  }

  return {
    /** Whom an incident goes to; of a group, one member. */
    to(subject: Subject, nowMs: number, assignment = unassigned(subject)): readonly RoutedTo[] {
      const { names, fixed } = targetsOf(subject, nowMs)
      return fixed ?? pick(names, subject, assignment)
    },
    /** For an incident in a summary: never a pager. A route that matches the kind `catch_up` matches it too. */
    summaryTo: (subject: Subject, nowMs: number, assignment = unassigned(subject)): readonly RoutedTo[] =>
      pick(namesOf(subject, nowMs, [summaryKind]), subject, assignment).filter(({ isPager }) => !isPager),
    /** The names that routes lead to, groups by their own; of a summary without pagers. */
    names: (subject: Subject, nowMs: number): readonly string[] =>
      subject.kind === summaryKind
        ? namesOf(subject, nowMs, []).filter(name => receivers.get(name)?.type !== 'pagerduty')
        : namesOf(subject, nowMs, []),
    path: (subject: Subject, nowMs: number) => walk(subject, nowMs, []),
    /** The escalation policy of an incident; undefined where it has none. */
    policyOf: (subject: Subject, nowMs: number): string | undefined => targetsOf(subject, nowMs).policy,
    /** Empty where the configuration has no such policy. */
    levelsOf: (policy: string): readonly EscalationLevel[] => context.escalations?.get(policy) ?? [],
    /** Receivers by their names, and of a group the member; those that are no longer there are left out. */
    named: (names: readonly string[], subject: Subject, assignment: Assignment): readonly RoutedTo[] =>
      pick(sharedNames(names), subject, assignment),
    /** Whether a time lies within the intervals that `when` names. */
    isWithin: (when: readonly string[], nowMs: number): boolean => whyInactive(when, nowMs) === null,
    /** It is in the digest, and in no message of its own. */
    isDigested,
    labelled: (subject: Subject): Labelled => (labelledAlerts(subject)[0] as LabelledAlert).labelled,
    /** Each alert that is open matches; of an incident that is over, each that it had. */
    matches(matchers: Matchers, subject: Subject): boolean {
      const all = labelledAlerts(subject)
      const open = all.filter(({ status }) => status === 'open')
      return (open.length > 0 ? open : all).every(one => matches(matchers, one.labelled))
    },
    sendsResolved
  }
}

/** A route to it notifies nobody. */
const noReceiverName = 'none'

interface Targets {
  /** Of receivers and groups. */
  readonly names: readonly string[]
  readonly policy: string | undefined
  /** Null where a group is among them: its member is chosen anew each time. */
  readonly fixed: readonly RoutedTo[] | null
}

/** One that nobody was notified of, and that has no id. */
const unassigned = ({ kind, segment }: Subject): Assignment => ({
  key: `${kind} ${segment}`,
  isAssigned: () => false
})
