import { expect, test } from 'vitest'
import { type StatusDeps, statusCommand } from '../../../src/cli/status.ts'
import { statusText } from '../../../src/cli/status-text.ts'
import type { Asked } from '../../../src/web/ask-status.ts'
import type { Status } from '../../../src/web/status.ts'
import { groupStatus, workStatus } from '../../support/statuses.ts'

const answered = (status: Status): Asked => ({ kind: 'answered', status })
const silent: Asked = { kind: 'silent', reason: 'http://127.0.0.1:8080 does not answer' }

/** Runs the command; gives its exit code and what it wrote, errors marked. */
async function run(args: readonly string[], given: Partial<StatusDeps> & { readonly asked?: Asked } = {}) {
  const written: string[] = []
  const urls: string[] = []
  let exitCode = 0
  const command = statusCommand({
    open: () => ({ url: 'http://127.0.0.1:8080', describe: async () => groupStatus({ answered_by: null }) }),
    async ask(url) {
      urls.push(url)
      return given.asked ?? answered(groupStatus())
    },
    columns: () => undefined,
    print: text => written.push(text),
    complain: text => written.push(`! ${text}`),
    setExitCode(code) {
      exitCode = code
    },
    ...given
  })
  await command.parseAsync(args, { from: 'user' })
  return { exitCode, written, urls }
}

test('prints the status of the configured instance', async () => {
  const { exitCode, written, urls } = await run([])
  expect([exitCode, urls]).toEqual([0, ['http://127.0.0.1:8080']])
  expect(written).toEqual([statusText(groupStatus(), 120)])
})

test('--url asks another instance, without a configuration', async () => {
  const open = () => {
    throw new Error('read')
  }
  expect((await run(['--url', 'http://10.0.0.7:8080/status'], { open })).urls).toEqual([
    'http://10.0.0.7:8080'
  ])
  expect(await run(['--url', 'http://10.0.0.7:8080'], { open, asked: silent })).toMatchObject({
    exitCode: 1,
    written: ['! http://127.0.0.1:8080 does not answer']
  })
})

test('asks Kafka where no instance answers, or its port can be any', async () => {
  const fromKafka = statusText(groupStatus({ answered_by: null }), 120)
  expect(await run([], { asked: silent })).toMatchObject({
    exitCode: 0,
    written: ['! http://127.0.0.1:8080 does not answer. Asking Kafka.', fromKafka]
  })
  const open = () => ({ url: undefined, describe: async () => groupStatus({ answered_by: null }) })
  const { urls, written } = await run([], { open })
  expect([urls, written.at(-1)]).toEqual([[], fromKafka])
})

test('says why Kafka does not tell either, with exit code 1', async () => {
  const describe = async () => Promise.reject(new Error('Kafka: connection refused'))
  const open = () => ({ url: 'http://127.0.0.1:8080', describe })
  const { exitCode, written } = await run([], { asked: silent, open })
  expect([exitCode, written.at(-1)]).toEqual([1, '! Kafka: connection refused'])
})

test('has exit code 1 if no instance is active', async () => {
  const nobody = groupStatus({ group_state: 'Empty', members: [], work: null })
  const { exitCode, written } = await run([], { asked: answered(nobody) })
  expect([exitCode, written.at(-1)]).toEqual([1, '! No active instance was found.'])
})

test('--json prints the page as it is on one line, and nothing that a terminal would obey', async () => {
  const hostile = groupStatus({ pipeline: '\u001b[2J' })
  const { written } = await run(['--json'], { asked: answered(hostile) })
  expect(written.map(text => JSON.parse(text))).toEqual([hostile])
  expect(written.join('')).not.toMatch(/\p{Cc}/u)
})

test('shows which instance is active since when, the standby, partitions, windows and what waits', () => {
  const work = workStatus({
    waiting: { to_seal: 0, to_judge: 0, to_store: 12 },
    components: {
      store: {
        status: 'failed',
        reason: 'unreachable',
        since: '2026-11-21T10:03:00.000Z',
        detail: 'unreachable: 12 windows wait'
      }
    },
    receivers: [
      {
        name: 'slack',
        waiting: 3,
        next_at: '2026-11-21T10:15:30.000Z',
        breaker: 'half_open',
        last: { outcome: 'pending', answer: '429 Too Many Requests' }
      },
      { name: 'pager', waiting: 0, next_at: null, breaker: 'closed', last: null }
    ]
  })
  expect(statusText(groupStatus({ work }), 80)).toBe(`\
shop, group cartwatch: desk:1 is active since 2026-11-21 10:00:00 UTC (15 min)

┌──────────┬───────────────┬─────────────────┬──────────┐
│ instance │ address       │ role            │ answered │
├──────────┼───────────────┼─────────────────┼──────────┤
│ desk:1   │ 10.0.0.7:8080 │ active (15 min) │ yes      │
│ desk:2   │ unknown       │ standby         │          │
└──────────┴───────────────┴─────────────────┴──────────┘

┌───────────────┬──────────┬─────┬─────────────────────┬──────┬────────────┐
│ partition     │ position │ lag │ watermark (UTC)     │ open │ state      │
├───────────────┼──────────┼─────┼─────────────────────┼──────┼────────────┤
│ shop-events/0 │ 1,234    │ 0   │ 2026-11-21 10:14:50 │ 1    │ at its end │
│ shop-events/1 │ 900      │ 17  │ -                   │ 0    │ skipped    │
└───────────────┴──────────┴─────┴─────────────────────┴──────┴────────────┘

windows: closed up to 2026-11-21 10:14:00, 1 open since 2026-11-21 10:14:00
waiting: closed windows, 12 to store
store: failed since 2026-11-21 10:03:00, unreachable: 12 windows wait

┌──────────┬─────────┬──────────┬───────────┬─────────┬───────────────────────┐
│ receiver │ waiting │ next UTC │ breaker   │ last    │ answer                │
├──────────┼─────────┼──────────┼───────────┼─────────┼───────────────────────┤
│ slack    │ 3       │ 10:15:30 │ half open │ pending │ 429 Too Many Requests │
│ pager    │ 0       │          │           │         │ nothing sent yet      │
└──────────┴─────────┴──────────┴───────────┴─────────┴───────────────────────┘`)
})

test('shows what was committed if the active instance does not answer', () => {
  const committed = [
    { topic: 't', partition: 0, offset: 40, lag: 60, windows_done_until: '2026-11-21T10:14:00.000Z' },
    { topic: 't', partition: 1, offset: null, lag: 4, windows_done_until: null }
  ]
  const text = statusText(groupStatus({ work: null, work_error: 'http://x does not answer', committed }), 120)
  expect(text.slice(text.indexOf('The active'))).toBe(`\
The active instance did not report its progress: http://x does not answer

What the group has committed:
┌───────────┬───────────┬─────┬──────────────────────────┐
│ partition │ committed │ lag │ windows done until (UTC) │
├───────────┼───────────┼─────┼──────────────────────────┤
│ t/0       │ 40        │ 60  │ 2026-11-21 10:14:00      │
│ t/1       │ none      │ 4   │ -                        │
└───────────┴───────────┴─────┴──────────────────────────┘`)
})

test.for([
  ['no instance is running', { group_state: 'Empty', members: [] }],
  ['the group is rebalancing (PreparingRebalance)', { group_state: 'PreparingRebalance', members: [] }],
  [
    'the active instance is not known; desk:1 is joining',
    { group_state: null, members: null, group_error: 'no answer' }
  ]
] as const)('says first: %s', ([said, { members, ...more }]) => {
  const answered_by = { instance: 'desk:1', role: 'joining', version: '1.2.3' }
  const status = groupStatus({ ...more, answered_by, members: members && [...members], work: null })
  expect(statusText(status, 80).split('\n')[0]).toBe(`shop, group cartwatch: ${said}`)
})

test('of many partitions shows those that are furthest behind', () => {
  const [one] = workStatus().partitions
  const partitions = Array.from({ length: 100 }, (_, partition) => ({ ...one!, partition, lag: partition }))
  const text = statusText(groupStatus({ work: workStatus({ partitions }) }), 80)
  expect(text.match(/shop-events\/\d+/g)).toEqual(
    Array.from({ length: 32 }, (_, index) => `shop-events/${index + 68}`)
  )
  expect(text).toContain('and 68 more partitions with no greater lag; --json lists all')
})

test.for([80, 120])('stays within %i columns and escapes what a terminal would obey', width => {
  const long = `${'name'.repeat(60)}\u001b[2J`
  const status = groupStatus({
    members: [{ instance: long, address: null, works: true, since: null }],
    work: workStatus({
      partitions: workStatus().partitions.map(one => ({ ...one, topic: long })),
      receivers: [
        {
          name: long,
          waiting: 1,
          next_at: null,
          breaker: 'open',
          last: { outcome: 'refused', answer: long.repeat(3) }
        }
      ]
    })
  })
  const lines = statusText(status, width).split('\n')
  const drawn = lines.filter(line => /^[┌│├└]/.test(line))
  expect(Math.max(...drawn.map(line => line.length))).toBeLessThanOrEqual(width)
  expect(lines.join('')).not.toMatch(/\p{Cc}/u)
})
