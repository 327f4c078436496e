import type { ReceiverSettings } from '../routing/receiver.ts'
import type { CrossIssue } from './errors.ts'
import type { Heartbeat } from './receiver-types/heartbeat.ts'
import { nobody } from './receiver-types/receiver-types.ts'
import { matchesAll, type RouteConfig } from './routes.ts'
import type { Config } from './schema.ts'
import { type KnownSubjects, unreachable } from './unreachable-routes.ts'

/** What is checked together. */
export interface RoutingSections {
  /** Undefined is one that is wrong by itself. */
  readonly receivers: ReadonlyMap<string, ReceiverSettings | Heartbeat | undefined>
  readonly routes: readonly RouteConfig[]
  readonly intervals: ReadonlyMap<string, unknown>
  /** Undefined where a section that says it is wrong by itself. */
  readonly known: KnownSubjects | undefined
}

/** Checks routes against receivers; empty where all is well. Without any receiver there need be no route. */
export function checkRouting(sections: RoutingSections): CrossIssue[] {
  const { receivers: all, routes, intervals, known } = sections
  const receivers = new Map([...all].filter(([, receiver]) => receiver?.type !== 'heartbeat'))
  const names = [...receivers.keys()]
  const issues: CrossIssue[] = []
  const refuse = (path: readonly (string | number)[], message: string) => issues.push({ path, message })

  for (const [index, { receiver, at, when }] of routes.entries()) {
    if (receiver !== nobody && !receivers.has(receiver)) {
      refuse(['routes', ...at], missing(receiver, all, names))
    }
    for (const [place, name] of when.entries()) {
      if (intervals.has(name.replace(/^!/, ''))) continue
      const there = intervals.size ? `there are ${[...intervals.keys()].join(', ')}` : 'there are none'
      refuse(['routes', index, 'when', place], `there is no time interval ${name}; ${there}`)
    }
  }
  const last = routes.at(-1)
  if ((receivers.size > 0 || routes.length > 0) && !(last && matchesAll(last))) {
    refuse(['routes'], 'a default route is required: end with - default: RECEIVER')
  }
  for (const { index, message } of unreachable(routes, known)) refuse(['routes', index], message)

  const led = new Set(routes.map(({ receiver }) => receiver))
  for (const receiver of receivers.values()) led.add(fallbackOf(receiver) ?? nobody)
  for (const [name, receiver] of receivers) {
    const fallback = fallbackOf(receiver)
    if (!led.has(name)) refuse(['receivers', name], 'no route leads to this receiver')
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

const fallbackOf = (receiver: ReceiverSettings | Heartbeat | undefined): string | null =>
  receiver === undefined || receiver.type === 'heartbeat' ? null : receiver.fallback

function missing(name: string, all: RoutingSections['receivers'], names: readonly string[]): string {
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
export function receiverNotes(receivers: ReadonlyMap<string, ReceiverSettings>): string[] {
  return [...receivers].flatMap(([name, receiver]) =>
    receiver.type === 'email' && receiver.tls === 'none' && receiver.password !== null
      ? [`receivers.${name}.tls is none: the password is sent unencrypted`]
      : []
  )
}

/** Why nobody will be notified; undefined if somebody will. */
export function whySilent({ alerts, receivers }: Pick<Config, 'alerts' | 'receivers'>): string | undefined {
  if (!alerts) return 'alerts: off: anomalies are stored and logged, and nobody is notified'
  if (receivers.size > 0) return undefined
  return 'there is no receiver: anomalies are stored and logged, and nobody is notified; set SLACK_WEBHOOK_URL to add one'
}

/** The receiver of the default route, which also gets what others refuse permanently; null if there is none. */
export function defaultReceiverOf(routes: readonly RouteConfig[]): string | null {
  const last = routes.at(-1)
  return last && matchesAll(last) && last.receiver !== nobody ? last.receiver : null
}
