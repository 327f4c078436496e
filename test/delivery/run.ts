import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { uniformOf } from '../../producer/random.ts'
import { textTable } from '../../src/cli/table.ts'
import { openInbox } from '../../src/demo/inbox/inbox.ts'
import type { NotificationRecord } from '../../src/incident/types.ts'
import { type Front, openFront } from './front.ts'
import { planOf, receiversAt } from './plan.ts'
import { type Evidence, faultsOf, sentTwice } from './verify.ts'

const usage = `Sends notifications to ten receivers that answer a third of them 429 or 500 and some never. The sending process is
killed in the middle, and started again over what it stored. Needs the embedded engine.

  npm run test:delivery -- [--notifications 1000] [--seed 1]

Prints the results; exit code 1 if a message was lost, sent twice without reason, out of order or too fast.`

const { values } = parseArgs({
  options: {
    notifications: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false }
  }
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

function wholeNumber(name: 'notifications' | 'seed'): number {
  const number = Number(values[name])
  if (Number.isInteger(number) && number > 0) return number
  console.error(`--${name} is "${values[name]}"; expected a whole number from 1`)
  process.exit(1)
}
const count = wholeNumber('notifications')
const seed = wholeNumber('seed')

const folder = await mkdtemp(join(tmpdir(), 'cartwatch-delivery-'))
const inbox = await openInbox({ clock: { now: () => performance.now() }, rate: null })
const half = Promise.withResolvers<void>()
const random = uniformOf(seed, 'receivers that fail')
const openOne = () =>
  openFront(new URL(inbox.pagerdutyUrl).origin, random, () => {
    if (inbox.messages.length >= count * 0.4) half.resolve()
  })
// One for each process, so that it is certain which one sent what.
const fronts = [await openOne(), await openOne()] as const
const places = { slackBotToken: inbox.slackBotToken, pagerdutyKey: inbox.pagerdutyKey }

function start({ origin }: Front): { readonly process: ChildProcess; readonly ended: Promise<string> } {
  const args = [folder, String(count), origin, places.slackBotToken, places.pagerdutyKey]
  const sender = spawn(process.execPath, [fileURLToPath(new URL('sender.ts', import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let said = ''
  sender.stdout.setEncoding('utf8').on('data', text => {
    said += text
  })
  return { process: sender, ended: once(sender, 'close').then(() => said) }
}

const startedAt = performance.now()
const first = start(fronts[0])
await Promise.race([half.promise, first.ended])
first.process.kill('SIGKILL')
await first.ended
const takenBefore = inbox.messages.length
const second = start(fronts[1])
const [known = '[]', all = '[]'] = (await second.ended).split('\n')
const records = JSON.parse(all) as NotificationRecord[]
const seconds = (performance.now() - startedAt) / 1_000

const names = [...receiversAt({ ...places, origin: 'http://127.0.0.1' }).keys()]
const evidence: Evidence = {
  plan: planOf(count, names, 0),
  sentBefore: new Set(JSON.parse(known) as string[]),
  records,
  lives: [
    ['before the kill', fronts[0].arrivals],
    ['after it', fronts[1].arrivals]
  ],
  messages: inbox.messages,
  pages: inbox.pages(),
  posts: inbox.posts()
}
console.log(tableOf(evidence))
const twice = sentTwice(evidence).length
console.log(
  `${records.length} notifications in ${seconds.toFixed(0)} s, ${takenBefore} accepted before the kill, ${twice} sent twice because of it`
)
const faults = faultsOf(evidence)
for (const fault of faults.slice(0, 20)) console.error(fault)
console.log(faults.length === 0 ? 'no faults' : `${faults.length} faults`)
for (const front of fronts) await front.close()
await inbox.close()
await rm(folder, { recursive: true, force: true })
process.exit(faults.length === 0 ? 0 : 1)

function tableOf({ records: all, lives, pages }: Evidence): string {
  const arrivals = lives.flatMap(([, one]) => one)
  const rows = names.map(name => {
    const own = all.filter(({ receiver }) => receiver === name)
    const tries = arrivals.filter(({ to }) => to === name)
    const of = (status: number) => String(tries.filter(one => one.status === status).length)
    const latencies = own.map(({ latencyMs }) => latencyMs ?? 0).sort((a, b) => a - b)
    const critical = own
      .filter(({ severity }) => severity === 'critical')
      .map(({ latencyMs }) => latencyMs ?? 0)
    const sent = own.filter(({ outcome }) => outcome === 'sent').length
    const half = latencies[Math.floor(latencies.length / 2)] ?? 0
    const inS = (ms: number) => (ms / 1_000).toFixed(1)
    return [
      name,
      `${sent}/${own.length}`,
      String(tries.length),
      of(429),
      of(500),
      of(0),
      inS(Math.max(0, ...critical)),
      inS(half),
      inS(latencies.at(-1) ?? 0)
    ]
  })
  const head = [
    'receiver',
    'sent',
    'tries',
    '429',
    '500',
    'hung',
    'critical by (s)',
    'half by (s)',
    'all by (s)'
  ]
  const opened = pages.filter(({ opened: times }) => times === 1).length
  return `${textTable(head, rows, 120)}\npages: ${pages.length}, opened once: ${opened}, resolved: ${pages.filter(({ status }) => status === 'resolved').length}`
}
