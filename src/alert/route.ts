import type { Severity } from '../detect/types.ts'
import type { Routing, Subject } from './notice.ts'
import { endIsTold } from './wall-kinds.ts'

/** A route behind the border; an absent list matches everything. */
export interface Route {
  readonly kinds: readonly string[] | null
  readonly severities: readonly Severity[] | null
  readonly segment: string | null
  readonly receiver: string
  readonly continues: boolean
}

/** A receiver as far as routing knows it; where it leads is a secret. */
export type RoutedReceiver =
  | { readonly type: 'slack'; readonly webhookUrl: string; readonly sendResolved: boolean }
  | { readonly type: 'pagerduty'; readonly url: string; readonly integrationKey: string }

/** What tells two receivers apart at the far end. */
const addressOf = (receiver: RoutedReceiver): string =>
  receiver.type === 'slack' ? receiver.webhookUrl : `${receiver.url} ${receiver.integrationKey}`

/**
 * Who is told of what: routes in order, the first match wins unless it continues. Of receivers with the same address
 * only the first is told.
 */
export function createRouting(
  routes: readonly Route[],
  receivers: ReadonlyMap<string, RoutedReceiver>
): Routing {
  const firstOf = new Map<string, string>()
  for (const [name, receiver] of receivers) {
    const address = addressOf(receiver)
    if (!firstOf.has(address)) firstOf.set(address, name)
  }

  function matching(subject: Subject): RoutedName[] {
    const named = new Map<string, RoutedName>()
    for (const route of routes) {
      if (!matches(route, subject)) continue
      const receiver = receivers.get(route.receiver)
      // One name an address everywhere: summaries of several incidents must not reach it twice either.
      const name = receiver && firstOf.get(addressOf(receiver))
      if (receiver && name) named.set(name, { name, receiver })
      if (!route.continues) break
    }
    return [...named.values()]
  }
  const namesOf = (subject: Subject, wanted: (receiver: RoutedReceiver) => boolean): string[] =>
    matching(subject)
      .filter(({ receiver }) => wanted(receiver))
      .map(({ name }) => name)

  return {
    channels: subject => namesOf(subject, ({ type }) => type === 'slack'),
    endChannels: subject =>
      namesOf(
        subject,
        receiver => receiver.type === 'slack' && (receiver.sendResolved || endIsTold.has(subject.kind))
      ),
    pagers: subject => namesOf(subject, ({ type }) => type === 'pagerduty')
  }
}

interface RoutedName {
  readonly name: string
  readonly receiver: RoutedReceiver
}

function matches({ kinds, severities: wanted, segment }: Route, subject: Subject): boolean {
  return (
    (kinds === null || kinds.includes(subject.kind)) &&
    (wanted === null || wanted.includes(subject.severity)) &&
    (segment === null || segment === subject.segment)
  )
}
