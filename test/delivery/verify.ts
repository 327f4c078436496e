import type { InboxMessage } from '../../src/demo/inbox/inbox.ts'
import type { Page } from '../../src/demo/inbox/pagerduty-rules.ts'
import type { Post } from '../../src/demo/inbox/slack-api.ts'
import type { NotificationRecord } from '../../src/incident/types.ts'
import type { Arrival } from './front.ts'
import { numberIn, rateOf } from './plan.ts'

export interface Evidence {
  readonly plan: readonly NotificationRecord[]
  /** Ids of what was stored as sent when the second process began. */
  readonly sentBefore: ReadonlySet<string>
  /** As the store has them in the end. */
  readonly records: readonly NotificationRecord[]
  /** What each of the two processes sent, under a name for it. */
  readonly lives: readonly (readonly [string, readonly Arrival[]])[]
  readonly messages: readonly InboxMessage[]
  readonly pages: readonly Page[]
  readonly posts: readonly Post[]
}

/** What went wrong, a line each. */
export function faultsOf(evidence: Evidence): string[] {
  return [
    ...undelivered(evidence),
    ...refused(evidence),
    ...wrongPages(evidence),
    ...wrongThreads(evidence),
    ...evidence.lives.flatMap(([life, arrivals]) => [
      ...outOfOrder(life, arrivals, evidence.plan),
      ...tooFast(life, arrivals)
    ]),
    ...sentTwice(evidence)
      .filter(({ isExplained }) => !isExplained)
      .map(({ name }) => `${name} came twice, though it was stored as sent`)
  ]
}

function undelivered({ plan, records, messages, pages, posts }: Evidence): string[] {
  const sent = new Map(records.map(({ id, outcome }) => [id, outcome]))
  const came = new Set(
    messages.filter(({ accepted }) => accepted).map(message => `${message.to} ${numberOf(message)}`)
  )
  const resolved = new Set(
    pages.filter(({ status }) => status === 'resolved').map(({ dedupKey }) => dedupKey)
  )
  const edited = new Set(
    posts.filter(({ edits }) => edits > 0).map(({ body }) => numberIn(JSON.stringify(body)))
  )
  return plan.flatMap(({ id, receiver, segment, action, dedupKey }) => {
    const number = numberIn(segment)
    const faults: string[] = []
    if (sent.get(id) !== 'sent') faults.push(`${number} of ${receiver} is recorded as ${sent.get(id)}`)
    if (!came.has(`${receiver} ${number}`) && action === 'trigger')
      faults.push(`${number} never came to ${receiver}`)
    const isOver = receiver === 'pagerduty' ? resolved.has(dedupKey ?? '') : edited.has(number)
    if (action === 'resolve' && !isOver) faults.push(`the end of ${number} never came to ${receiver}`)
    return faults
  })
}

const numberOf = ({ body }: InboxMessage) => numberIn(JSON.stringify(body))

const refused = ({ messages }: Evidence): string[] =>
  messages.filter(({ accepted }) => !accepted).map(({ to, answer }) => `${to} refused a message: ${answer}`)

const wrongPages = ({ pages }: Evidence): string[] =>
  pages
    .filter(({ opened }) => opened !== 1)
    .map(({ dedupKey, opened }) => `${dedupKey} was opened ${opened} times`)

/** The bot replies in the thread of its own message. */
function wrongThreads({ posts }: Evidence): string[] {
  const threads = new Set(posts.map(({ ts }) => ts))
  return posts
    .filter(({ threadTs }) => threadTs !== null && !threads.has(threadTs))
    .map(({ ts }) => `${ts} replies to nothing`)
}

/** First tries that came before those of more severe messages. The very first goes before the others are ready. */
function outOfOrder(
  life: string,
  arrivals: readonly Arrival[],
  plan: readonly NotificationRecord[]
): string[] {
  const critical = new Set(
    plan.filter(({ severity }) => severity === 'critical').map(({ segment }) => numberIn(segment))
  )
  return [...byReceiver(arrivals)].flatMap(([to, all]) => {
    const numbers = [...new Set(all.map(({ body }) => numberIn(body)).filter(number => number !== undefined))]
    const last = numbers.findLastIndex(number => critical.has(number))
    const early = numbers.slice(1, Math.max(1, last)).filter(number => !critical.has(number))
    return early.map(number => `${life} ${number} went to ${to} before something critical`)
  })
}

/**
 * More than the burst and the rate allow, over any span. A message is sent only after the one before has arrived, so that
 * the first of a span is the only one that can have been sent before it. Clocks may differ by some milliseconds.
 */
function tooFast(life: string, arrivals: readonly Arrival[]): string[] {
  return [...byReceiver(arrivals)].flatMap(([to, all]) => {
    const { perSecond, burst } = rateOf(to)
    const paced = all.filter(({ path }) => !path.endsWith('chat.update'))
    const faults = paced.flatMap((first, from) =>
      paced.slice(from).flatMap((last, more) => {
        const seconds = (last.at - first.at) / 1_000
        const most = 1 + burst + perSecond * (seconds + 0.01)
        return more + 1 > most ? [`${life} ${to} got ${more + 1} within ${seconds.toFixed(1)} s`] : []
      })
    )
    return faults.slice(0, 1)
  })
}

function byReceiver(arrivals: readonly Arrival[]): Map<string, Arrival[]> {
  return Map.groupBy(arrivals, ({ to }) => to)
}

/** Messages that were accepted twice. A kill before the outcome is stored explains that; PagerDuty drops the second itself. */
export function sentTwice({ lives, plan, sentBefore }: Evidence) {
  const before = new Set(
    plan
      .filter(({ id }) => sentBefore.has(id))
      .map(({ receiver, segment }) => `${receiver} ${numberIn(segment)}`)
  )
  const arrivals = lives.flatMap(([, one]) => one)
  const accepted = arrivals.filter(
    ({ status, to, path }) => status === 200 && to !== 'pagerduty' && !path.endsWith('chat.update')
  )
  const isFirst = ({ to, body }: Arrival) => to !== 'slack-bot' || !body.includes('"thread_ts"')
  const groups = Map.groupBy(accepted.filter(isFirst), ({ to, body }) => `${to} ${numberIn(body)}`)
  return [...groups]
    .filter(([, group]) => group.length > 1)
    .map(([name]) => ({ name, isExplained: !before.has(name) }))
}
