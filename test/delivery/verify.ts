import type { InboxMessage } from '../../src/demo/inbox/inbox.ts'
import type { Page } from '../../src/demo/inbox/pagerduty-rules.ts'
import type { Post } from '../../src/demo/inbox/slack-api.ts'
import type { NotificationRecord } from '../../src/incident/types.ts'
import type { Arrival } from './front.ts'
import { numberIn, rateOf } from './plan.ts'

export interface Evidence {
  readonly plan: readonly NotificationRecord[]
  /** Ids of what the store had as sent when the second process began. */
  readonly sentBefore: ReadonlySet<string>
  /** As the store has them in the end. */
  readonly records: readonly NotificationRecord[]
  readonly arrivals: readonly Arrival[]
  /** When the process was killed, by the clock of arrivals. */
  readonly killedAt: number
  readonly messages: readonly InboxMessage[]
  readonly pages: readonly Page[]
  readonly posts: readonly Post[]
}

/** What is wrong, a line each; empty where all is well. */
export function faultsOf(evidence: Evidence): string[] {
  return [
    ...undelivered(evidence),
    ...refused(evidence),
    ...wrongPages(evidence),
    ...wrongThreads(evidence),
    ...livesOf(evidence).flatMap(([life, arrivals]) => [
      ...outOfOrder(life, arrivals, evidence.plan),
      ...tooFast(life, arrivals)
    ]),
    ...toldTwice(evidence)
      .filter(({ isExplained }) => !isExplained)
      .map(({ name }) => `${name} came twice, though it was on record`)
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

/** Of one incident the bot's channel has one message, and its end in the thread of that. */
function wrongThreads({ posts }: Evidence): string[] {
  const threads = new Set(posts.map(({ ts }) => ts))
  return posts
    .filter(({ threadTs }) => threadTs !== null && !threads.has(threadTs))
    .map(({ ts }) => `${ts} replies to nothing`)
}

function livesOf({ arrivals, killedAt }: Evidence): [string, Arrival[]][] {
  return [
    ['before the kill', arrivals.filter(({ at }) => at < killedAt)],
    ['after it', arrivals.filter(({ at }) => at >= killedAt)]
  ]
}

/** First tries that came before those of graver ones. The very first goes before the others are there. */
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

/** Half a second is allowed for what lies between a send and its arrival. */
const slackS = 0.5

/** More than a burst and its rate let through, over any span. */
function tooFast(life: string, arrivals: readonly Arrival[]): string[] {
  return [...byReceiver(arrivals)].flatMap(([to, all]) => {
    const { perSecond, burst } = rateOf(to)
    const paced = all.filter(({ path }) => !path.endsWith('chat.update'))
    const faults = paced.flatMap((first, from) =>
      paced.slice(from).flatMap((last, more) => {
        const seconds = (last.at - first.at) / 1_000
        const most = burst + perSecond * (seconds + slackS)
        return more + 1 > most ? [`${life} ${to} got ${more + 1} within ${seconds.toFixed(1)} s`] : []
      })
    )
    return faults.slice(0, 1)
  })
}

function byReceiver(arrivals: readonly Arrival[]): Map<string, Arrival[]> {
  return Map.groupBy(arrivals, ({ to }) => to)
}

/** Messages that were taken twice, which a kill between that and its record explains; PagerDuty drops the second itself. */
export function toldTwice({ arrivals, plan, sentBefore }: Evidence) {
  const before = new Set(
    plan
      .filter(({ id }) => sentBefore.has(id))
      .map(({ receiver, segment }) => `${receiver} ${numberIn(segment)}`)
  )
  const taken = arrivals.filter(
    ({ status, to, path }) => status === 200 && to !== 'pagerduty' && !path.endsWith('chat.update')
  )
  const isFirst = ({ to, body }: Arrival) => to !== 'slack-bot' || !body.includes('"thread_ts"')
  const groups = Map.groupBy(taken.filter(isFirst), ({ to, body }) => `${to} ${numberIn(body)}`)
  return [...groups]
    .filter(([, group]) => group.length > 1)
    .map(([name]) => ({ name, isExplained: !before.has(name) }))
}
