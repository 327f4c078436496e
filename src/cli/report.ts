import { Argument, Command } from '@commander-js/extra-typings'
import { fallbackCurrency } from '../decode/currency/shop-currency.ts'
import type { Channel } from '../delivery/channel.ts'
import { noReceiver } from '../incident/notification.ts'
import type { NotificationRecord } from '../incident/types.ts'
import { reportIdOf, reportKeyOf, reportRecord } from '../report/record.ts'
import { draftOf } from '../report/report.ts'
import { createSchedule, dayOfDate, type Schedule, type Slot } from '../report/schedule.ts'
import { latestMs } from '../report/sender.ts'
import type { ReportText } from '../report/text.ts'
import { placeOf, type ReportName, type ReportSettings, reportNames } from '../report/types.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { shownTime } from '../time/shown-time.ts'
import { hourMs } from '../time/units.ts'
import type { CommandAudit } from './command-audit.ts'
import { overview } from './overview.ts'
import { parser } from './parse.ts'
import { textTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { type OpenStore, onStore, type StoreChoice, UsageError, withStore } from './with-store.ts'

export interface ReportDeps extends Terminal {
  readonly open: OpenStore
  /** What the configuration says of reports. `isOn`: they are sent by themselves. */
  readonly settings: (options: StoreChoice) => {
    readonly pipeline: string
    readonly currency: string | undefined
    readonly reports: readonly ReportSettings[]
    /** Those that are sent by themselves. */
    readonly on: ReadonlySet<ReportName>
  }
  /** The receivers, ready to be sent to. */
  readonly channels: (
    options: StoreChoice,
    currency: string
  ) => Promise<{ readonly byName: ReadonlyMap<string, Channel>; close(): Promise<void> }>
  readonly audit: CommandAudit['inStore']
  readonly clock: Pick<Clock, 'now'>
}

const listExamples = `
The days of the last week, the next one first. "missed" means that no instance worked within 3 hours after it was due,
"no data" that nothing is stored of that day.`

const sendExamples = `
Examples:
  cartwatch report send daily --dry-run            print it, send nothing
  cartwatch report send daily --date 2026-11-29    send that of another day once more
  cartwatch report send burn-rate                  what today has cost so far, against its budget`

export const reportCommand = (deps: ReportDeps) =>
  new Command('report')
    .description(overview.report.summary)
    .addCommand(listCommand(deps))
    .addCommand(sendCommand(deps))

const daysListed = 7

function listCommand(deps: ReportDeps) {
  const command = new Command('list').description(
    'list when reports are due, and what became of the last ones'
  )
  return onStore(command, listExamples).action(options =>
    withStore(deps.open, options, async store => {
      const { pipeline, reports, on } = deps.settings(options)
      const nowMs = deps.clock.now()
      const rows: string[][] = []
      for (const report of reports.filter(({ name }) => on.has(name)))
        rows.push(...(await rowsOf(report, store, pipeline, nowMs)))
      const head = ['report', 'day', 'due (UTC)', 'receiver', 'outcome', 'answer']
      if (rows.length > 0) deps.print(textTable(head, rows, deps.columns() ?? 120))
      const off = reports
        .filter(({ name }) => name !== 'burn-rate' && !on.has(name))
        .map(({ name }) => placeOf[name])
      for (const place of new Set(off)) deps.print(`${place} is off: it is not sent by itself`)
    })
  )
}

async function rowsOf(
  report: ReportSettings,
  store: Store,
  pipeline: string,
  nowMs: number
): Promise<string[][]> {
  const schedule = createSchedule(report)
  const next = schedule.next(nowMs)
  const slots = Array.from({ length: daysListed + 1 }, (_, back) => schedule.slotOf(next.day - back))
  const oldest = slots.at(-1)?.at ?? nowMs
  const records = await store.findNotifications({ pipeline, action: 'summary', sinceMs: oldest - hourMs })
  const metric = 'costs' in report ? report.costs.cost : 'orders'
  const isStored = await storedDays(store, { pipeline, metric }, schedule, slots)
  const receivers = report.receivers.length > 0 ? report.receivers : [noReceiver]
  return slots.flatMap(slot =>
    receivers.map(receiver => {
      const key = reportKeyOf(pipeline, report, slot)
      const record = records.find(({ id }) => id === reportIdOf(key, receiver))
      const outcome = record?.outcome ?? stateOf(report, slot, isStored(slot), nowMs)
      return [report.name, slot.date, shownTime(slot.at), receiver, outcome, record?.answer ?? '']
    })
  )
}

/** Of a slot without a record. A list of nothing has none either. */
function stateOf({ name }: ReportSettings, { at }: Slot, isStored: boolean, nowMs: number): string {
  if (at > nowMs) return 'next'
  if (!isStored) return 'no data'
  if (name === 'digest' || name === 'idle') return 'nothing to list'
  return nowMs - at < latestMs ? 'due' : 'missed'
}

/** Whether there is anything to report of a slot's day. */
async function storedDays(
  store: Store,
  { pipeline, metric }: { readonly pipeline: string; readonly metric: string },
  schedule: Schedule,
  slots: readonly Slot[]
): Promise<(slot: Slot) => boolean> {
  const first = Math.min(...slots.map(({ day }) => day))
  const bounds = Array.from({ length: slots.length + 1 }, (_, at) => schedule.startOf(first + at))
  const totals = await store.totals(pipeline, bounds, [metric])
  const days = new Set(totals.map(({ span }) => first + span))
  return ({ day }) => days.has(day)
}

function sendCommand(deps: ReportDeps) {
  const command = new Command('send')
    .description('send a report now, whether it was sent before or not')
    .addArgument(new Argument('<name>', 'which report').choices(reportNames))
    .option('--date <day>', 'the local day that it is about (default: yesterday; of burn-rate today)', dateOf)
    .option('--dry-run', 'print it and send nothing')
  return onStore(command, sendExamples).action((name, options) =>
    withStore(deps.open, options, async store => {
      const { pipeline, reports, currency } = deps.settings(options)
      const report = reports.find(one => one.name === name)
      if (report === undefined) throw new UsageError(`There is no report ${name}`)
      if (name === 'idle' && options.date !== undefined)
        throw new UsageError('What is idle is told of now: without --date')
      if (report.name === 'burn-rate' && report.budget === null)
        throw new UsageError(
          `There is no budget: detectors.metric_threshold has no rule for ${report.costs.cost} above, over: day`
        )
      const nowMs = deps.clock.now()
      const schedule = createSchedule(report)
      const slot = options.date === undefined ? latest(name, schedule, nowMs) : schedule.slotOf(options.date)
      const code = currency ?? (await store.learnedCurrency(pipeline))?.code ?? fallbackCurrency
      const words = { currency: code, timezone: report.timezone }
      const asked = { schedule, slot, words, nowMs, told: [], mayWait: false }
      const draft = await draftOf(report, store, pipeline, asked)
      if (!options.dryRun) await store.insertRecommendations(draft.recommendations ?? [])
      if (draft.text === null) throw new UsageError(`There is nothing to report of ${slot.date}`)
      const write = draft.text
      deps.print(shown(write('en')))
      if (options.dryRun) return
      if (report.receivers.length === 0)
        throw new UsageError(`There is no receiver for it: set ${placeOf[name]}.receiver`)
      const { byName, close } = await deps.channels(options, code)
      try {
        for (const receiver of report.receivers) {
          const key = { ...reportKeyOf(pipeline, report, slot), sentAt: nowMs }
          // What a person sends does not keep the one that is due from its time.
          const { told: _, ...text } = write(report.languages?.[receiver] ?? 'en')
          const record = reportRecord(key, receiver, text, { outcome: 'pending', nowMs })
          if (!(await sendTo(byName.get(receiver), record, { store, deps }))) deps.setExitCode(1)
        }
        const details = { date: slot.date, receivers: report.receivers }
        await deps.audit(store, pipeline, { action: 'report_sent', subject: name, details })
      } finally {
        await close()
      }
    })
  )
}

/** Sends once, and stores what came of it: what is refused here is tried again by nobody. */
async function sendTo(
  channel: Channel | undefined,
  record: NotificationRecord,
  { store, deps }: { readonly store: Store; readonly deps: ReportDeps }
): Promise<boolean> {
  const { receiver } = record
  const result = await channel?.send(record, null)
  if (result === undefined) throw new UsageError(`There is no receiver ${receiver}`)
  const isSent = result.kind === 'sent'
  const now = deps.clock.now()
  await store.insertNotifications([
    {
      ...record,
      outcome: isSent ? 'sent' : 'refused',
      attempts: 1,
      answer: result.answer,
      updatedAt: Math.max(now, record.updatedAt + 1),
      latencyMs: isSent ? Math.max(0, now - record.decidedAt) : null
    }
  ])
  if (isSent) deps.print(`sent to ${receiver}: ${result.answer}`)
  else deps.complain(`${receiver} did not accept it: ${result.answer}`)
  return isSent
}

/** The last day that is over; of a report about the day so far, today. */
function latest(name: ReportName, schedule: Schedule, nowMs: number): Slot {
  if (name === 'burn-rate') return schedule.next(nowMs)
  const { day } = schedule.latest(nowMs)
  return schedule.slotOf(schedule.startOf(day + 2) <= nowMs ? day + 1 : day)
}

const shown = ({ title, facts = [], sections }: ReportText): string =>
  [
    title,
    ...(facts.length > 0 ? [facts.map(({ label, text }) => `${label}: ${text}`).join('\n')] : []),
    ...sections.map(({ heading, lines }) => [heading, ...lines.map(line => `  ${line}`)].join('\n'))
  ].join('\n\n')

const dateOf = parser('a day such as 2026-11-29', dayOfDate)
