import type { Escalations } from '../routing/escalation.ts'
import type { ReceiverGroup } from '../routing/group.ts'
import type { ReceiverSettings } from '../routing/receiver.ts'
import type { Settings } from './document.ts'
import type { CrossIssue } from './errors.ts'
import { escalationIssues } from './escalations.ts'
import { type Configured, nobody } from './receiver-types/receiver-types.ts'
import { matchesAll, type RouteConfig } from './routes.ts'
import { type Note, noteAt } from './rules/note.ts'
import { type KnownSubjects, unreachable } from './unreachable-routes.ts'

/** What is checked together. */
export interface RoutingSections {
  /** Undefined is one that is wrong by itself. */
  readonly receivers: ReadonlyMap<string, Configured | undefined>
  readonly routes: readonly RouteConfig[]
  readonly intervals: ReadonlyMap<string, unknown>
  readonly escalations?: Escalations | undefined
  /** Who gets reports, by the place in the file; those that are named by default have none. */
  readonly reported?: readonly ReportedTo[]
  /** Undefined where a section that says it is wrong by itself. */
  readonly known: KnownSubjects | undefined
}

export interface ReportedTo {
  readonly name: string
  readonly path: readonly (string | number)[] | null
}

/** Checks routes against receivers; empty where all is well. Without any receiver there need be no route. */
export function checkRouting(sections: RoutingSections): CrossIssue[] {
  const { receivers: all, routes, intervals, escalations = new Map(), reported = [], known } = sections
  const targets = new Map([...all].filter(([, receiver]) => receiver?.type !== 'heartbeat'))
  const names = [...targets.keys()]
  const issues: CrossIssue[] = []
  const refuse = (path: readonly (string | number)[], message: string | undefined) => {
    if (message !== undefined) issues.push({ path, message })
  }

  const whyNoReceiver = (name: string) => (targets.has(name) ? undefined : missing(name, all, names))
  const whyNoInterval = (name: string) => {
    const there = intervals.size ? `there are ${[...intervals.keys()].join(', ')}` : 'there are none'
    return intervals.has(name.replace(/^!/, '')) ? undefined : `there is no time interval ${name}; ${there}`
  }

  for (const [index, { receivers, at, when }] of routes.entries()) {
    for (const [place, receiver] of receivers.entries())
      if (receiver !== nobody) refuse(['routes', ...(at[place] ?? [])], whyNoReceiver(receiver))
    for (const [place, name] of when.entries()) refuse(['routes', index, 'when', place], whyNoInterval(name))
  }
  issues.push(...escalationIssues({ escalations, routes, receivers: all, whyNoReceiver, whyNoInterval }))
  const last = routes.at(-1)
  if ((targets.size > 0 || routes.length > 0) && !(last && matchesAll(last))) {
    refuse(['routes'], 'a default route is required: end with - default: RECEIVER')
  }
  for (const { index, message } of unreachable(routes, known)) refuse(['routes', index], message)

  for (const { name, path } of reported) {
    const receiver = all.get(name)
    if (path === null) continue
    if (!all.has(name) || receiver?.type === 'group' || receiver?.type === 'heartbeat')
      refuse(
        path,
        missing(
          name,
          all,
          names.filter(one => all.get(one)?.type !== 'group')
        )
      )
    else if (receiver?.type === 'pagerduty') refuse(path, `${name} is a pager, which takes no reports`)
  }
  issues.push(
    ...receiverIssues(
      all,
      new Set([...routes, ...[...escalations.values()].flat()].flatMap(({ receivers }) => receivers)),
      new Set(reported.map(({ name }) => name))
    )
  )
  return issues
}

/** Errors of what receivers say of each other. `routed`: those that routes name. `reported`: those that get reports. */
function receiverIssues(
  all: RoutingSections['receivers'],
  routed: ReadonlySet<string>,
  reported: ReadonlySet<string>
): CrossIssue[] {
  const issues: CrossIssue[] = []
  const refuse = (path: readonly (string | number)[], message: string) => issues.push({ path, message })
  const receivers = new Map(
    [...all].filter(([, receiver]) => receiver?.type !== 'heartbeat' && receiver?.type !== 'group')
  )
  const names = [...receivers.keys()]
  // What is wrong by itself may be a group that leads there.
  const isWhole = [...all.values()].every(receiver => receiver !== undefined)
  const led = new Set([...routed, ...reported])
  for (const receiver of all.values()) {
    for (const { receiver: member } of membersOf(receiver)) led.add(member)
    led.add(fallbackOf(receiver) ?? nobody)
  }
  for (const [name, receiver] of all) {
    const isGroup = receiver?.type === 'group'
    if (isWhole && receiver?.type !== 'heartbeat' && !(isGroup ? routed : led).has(name))
      refuse(['receivers', name], `no route leads to this ${isGroup ? 'group' : 'receiver'}`)
    for (const [index, { receiver: member }] of membersOf(receiver).entries()) {
      if (!receivers.has(member)) refuse(['receivers', name, 'members', index], missing(member, all, names))
    }
    const fallback = fallbackOf(receiver)
    if (fallback === null) continue
    const path = ['receivers', name, 'fallback']
    if (!receivers.has(fallback)) refuse(path, missing(fallback, all, names))
    else {
      const circle = circleFrom(name, receivers)
      if (circle) refuse(path, `leads back to where it began: ${circle.join(' → ')}`)
    }
  }
  for (const name of all.keys()) {
    const double = [...all.keys()].find(other => other < name && other.toLowerCase() === name.toLowerCase())
    if (double !== undefined)
      refuse(['receivers', name], `differs from ${double} only in upper and lower case`)
  }
  return issues
}

const membersOf = (receiver: Configured | undefined) => (receiver?.type === 'group' ? receiver.members : [])

const fallbackOf = (receiver: Configured | undefined): string | null =>
  receiver === undefined || receiver.type === 'heartbeat' || receiver.type === 'group'
    ? null
    : receiver.fallback

/** `names`: those that would be right. */
function missing(name: string, all: RoutingSections['receivers'], names: readonly string[]): string {
  if (all.get(name)?.type === 'group') return `${name} is a group; name one of its members`
  if (all.has(name)) return `${name} is a heartbeat, which takes no messages`
  return `there is no receiver ${name}; ${names.length ? `there are ${names.join(', ')}` : 'there are none'}`
}

/** The circle of fallbacks from a receiver back to itself, reported at the first of them only. */
function circleFrom(name: string, receivers: RoutingSections['receivers']): string[] | undefined {
  const way = [name]
  let next = fallbackOf(receivers.get(name))
  while (next !== null && !way.includes(next)) {
    way.push(next)
    next = fallbackOf(receivers.get(next))
  }
  const order = [...receivers.keys()]
  const isFirst = way.every(other => order.indexOf(name) <= order.indexOf(other))
  return next === name && isFirst ? [...way, name] : undefined
}

/** What is allowed but unwise. */
export function receiverNotes(
  receivers: ReadonlyMap<string, ReceiverSettings>,
  origins: Settings['origins']
): Note[] {
  return [...receivers].flatMap(([name, receiver]) => {
    if (receiver.type !== 'email' || receiver.tls !== 'none' || receiver.password === null) return []
    const text = `receivers.${name}.tls is none: the password is sent unencrypted`
    return [noteAt(origins, 'smtp-without-tls', ['receivers', name, 'tls'], text)]
  })
}

/**
 * The receiver of the default route, which also gets what others refuse permanently: the first of several, or of a group.
 * Null if there is none.
 */
export function defaultReceiverOf(
  routes: readonly RouteConfig[],
  groups: ReadonlyMap<string, ReceiverGroup> = new Map()
): string | null {
  const last = routes.at(-1)
  const [first] = last && matchesAll(last) ? last.receivers : []
  if (first === undefined || first === nobody) return null
  return groups.get(first)?.members[0].receiver ?? first
}
