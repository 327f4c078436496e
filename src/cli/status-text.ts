import { visibleLines } from '../telemetry/visible-text.ts'
import { span } from '../time/texts.ts'
import type { CommittedStatus, MemberStatus, Status, WorkStatus } from '../web/status.ts'
import { textTable } from './table.ts'

/** More partitions than these would hide the rest: those that are furthest behind are shown. */
const shownPartitions = 32

/** What a person reads of a status, for a terminal of that many columns, 80 or more. */
export function statusText(status: Status, width: number): string {
  const { members, group_error: groupError, work, work_error: workError, committed } = status
  const parts = [
    `${status.tenant === null ? '' : `${status.tenant}: `}${status.pipeline}, group ${status.group}: ${headline(status)}`,
    groupError === null ? '' : `Kafka could not describe the group: ${groupError}`,
    members === null || members.length === 0 ? '' : membersTable(status, members, width),
    work === null ? '' : workText(work, width),
    workError === null ? '' : `The active instance did not report its progress: ${workError}`,
    committed === null ? '' : committedText(committed, width)
  ]
  return visibleLines(parts.filter(part => part !== '').join('\n\n'))
}

function headline({ at, members, work, group_state: state, answered_by: answeredBy }: Status): string {
  const owner = members?.find(one => one.works)
  const name = owner?.instance ?? work?.instance
  if (name !== undefined) return `${name} is active${sinceText(work?.since ?? owner?.since ?? null, at)}`
  if (state === 'Empty' || state === 'Dead') return 'no instance is running'
  if (state !== null && state !== 'Stable') return `the group is rebalancing (${state})`
  return `the active instance is not known${answeredBy === null ? '' : `; ${answeredBy.instance} is ${answeredBy.role}`}`
}

const sinceText = (since: string | null, at: string): string =>
  since === null ? '' : ` since ${shown(since)} UTC (${span(Date.parse(at) - Date.parse(since))})`

function membersTable(
  { answered_by: answeredBy, at }: Status,
  members: readonly MemberStatus[],
  width: number
) {
  const rows = members.map(({ instance, address, works, since }) => [
    instance,
    address ?? 'unknown',
    works ? `active${since === null ? '' : ` (${span(Date.parse(at) - Date.parse(since))})`}` : 'standby',
    instance === answeredBy?.instance ? 'yes' : ''
  ])
  return textTable(['instance', 'address', 'role', 'answered'], rows, width)
}

function workText(work: WorkStatus, width: number): string {
  const parts = [
    partitionsText(work.partitions, width),
    [
      windowsLine(work),
      ...waitingLines(work),
      ...Object.entries(work.components).map(([name, one]) => componentLine(name, one))
    ]
      .map(line => wrapped(line, width))
      .join('\n'),
    work.receivers.length === 0
      ? ''
      : textTable(
          ['receiver', 'waiting', 'next UTC', 'breaker', 'last', 'answer'],
          work.receivers.map(({ name, waiting, next_at, breaker, last }) => [
            name,
            counted(waiting),
            next_at?.slice(11, 19) ?? '',
            breaker === 'closed' ? '' : breaker.replace('_', ' '),
            last?.outcome ?? '',
            last?.answer ?? 'nothing sent yet'
          ]),
          width
        )
  ]
  return parts.filter(part => part !== '').join('\n\n')
}

function partitionsText(all: WorkStatus['partitions'], width: number): string {
  if (all.length === 0) return ''
  const rows = furthest(all).map(one => [
    `${one.topic}/${one.partition}`,
    counted(one.position),
    counted(one.lag),
    shown(one.watermark),
    counted(one.open_windows),
    states[one.state] ?? one.state
  ])
  const text = textTable(['partition', 'position', 'lag', 'watermark (UTC)', 'open', 'state'], rows, width)
  return `${text}${restLine(all)}`
}

const states: Readonly<Record<string, string>> = {
  reading: 'reading',
  at_end: 'at its end',
  holds: 'holds back',
  given_up: 'skipped',
  paused: 'paused',
  empty: 'no event yet'
}

function windowsLine({
  windows_closed_until: until,
  open_windows: open,
  oldest_open_window: oldest
}: WorkStatus) {
  const closed = until === null ? 'none closed yet' : `closed up to ${shown(until)}`
  return `windows: ${closed}, ${counted(open)} open${oldest === null ? '' : ` since ${shown(oldest)}`}`
}

function waitingLines({
  waiting: { to_seal: seal, to_judge: judge, to_store: store }
}: WorkStatus): string[] {
  if (seal + judge + store === 0) return ['waiting: nothing']
  const parts = [
    store > 0 ? `${counted(store)} to store` : '',
    judge > 0 ? `${counted(judge)} to judge` : '',
    seal > 0 ? `${counted(seal)} to commit` : ''
  ]
  return [`waiting: closed windows, ${parts.filter(part => part !== '').join(', ')}`]
}

function componentLine(name: string, { status, since, detail }: WorkStatus['components'][string]): string {
  const from = since === undefined ? '' : ` since ${shown(since)}`
  return `${name}: ${status.replace('_', ' ')}${from}${detail === undefined ? '' : `, ${detail}`}`
}

function committedText(all: readonly CommittedStatus[], width: number): string {
  if (all.length === 0) return ''
  const rows = furthest(all).map(one => [
    `${one.topic}/${one.partition}`,
    one.offset === null ? 'none' : counted(one.offset),
    counted(one.lag),
    shown(one.windows_done_until)
  ])
  const head = ['partition', 'committed', 'lag', 'windows done until (UTC)']
  return `What the group has committed:\n${textTable(head, rows, width)}${restLine(all)}`
}

/** All of a few partitions, else those with the greatest lag; in their own order. */
function furthest<One extends { readonly lag: number }>(all: readonly One[]): readonly One[] {
  if (all.length <= shownPartitions) return all
  const chosen = new Set([...all].sort((a, b) => b.lag - a.lag).slice(0, shownPartitions))
  return all.filter(one => chosen.has(one))
}

function restLine(all: readonly { readonly lag: number }[]): string {
  const left = all.length - shownPartitions
  return left > 0 ? `\nand ${counted(left)} more partitions with no greater lag; --json lists all` : ''
}

/** A line that is too long continues indented. */
function wrapped(line: string, width: number): string {
  const lines = ['']
  for (const word of line.split(' ')) {
    const last = lines.at(-1) as string
    if (last === '') lines[lines.length - 1] = word
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`  ${word}`)
  }
  return lines.join('\n')
}

const counted = (count: number): string => count.toLocaleString('en')

/** A time to the second, as UTC; a dash where there is none. */
const shown = (time: string | null): string =>
  time === null ? '-' : time.replace('T', ' ').replace(/(\.\d+)?Z$/, '')
