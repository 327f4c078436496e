import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testAlertCommand } from '../../../src/cli/test-alert.ts'
import { openTestChannels, type TestChannels } from '../../support/channels.ts'
import { createManualClock } from '../../support/manual-clock.ts'

let channels: TestChannels
beforeAll(async () => {
  channels = await openTestChannels()
})
afterAll(async () => {
  await channels.inbox.close()
})

const groups = new Map([
  [
    'team',
    {
      pick: 'round_robin' as const,
      members: [
        { receiver: 'slack', weight: 1 },
        { receiver: 'teams', weight: 1 }
      ] as const
    }
  ]
])

async function run(receiver: string, args = ['--receiver', receiver]) {
  const said: string[] = []
  const events: unknown[] = []
  let exitCode: number | undefined
  const { byName, close } = channels
  await testAlertCommand({
    load: async () => ({ pipeline: 'shop', byName, groups, close }),
    audit: async (config, event) => void events.push([config, event]),
    clock: createManualClock(Date.UTC(2026, 10, 21, 10)),
    print: text => said.push(`out: ${text}`),
    complain: text => said.push(`err: ${text}`),
    setExitCode: code => {
      exitCode = code
    }
  }).parseAsync(args, { from: 'user' })
  return { said, exitCode, events }
}

describe('cartwatch test-alert', () => {
  test('sends one message, marked as a test', async () => {
    expect(await run('slack')).toMatchObject({
      said: ['out: slack accepted the test message: 200 ok'],
      exitCode: 0
    })
    expect(channels.inbox.messages).toHaveLength(1)
    expect(channels.lastBody()['text']).toMatch(/^💰 TEST · LOW: Revenue drop/)
  })

  test('pages with severity info, under a key of its own each time', async () => {
    expect(await run('pagerduty')).toMatchObject({ exitCode: 0 })
    expect(await run('pagerduty')).toMatchObject({ exitCode: 0 })
    expect(channels.lastBody()).toMatchObject({ event_action: 'trigger', payload: { severity: 'info' } })
    expect(channels.inbox.pages()).toHaveLength(2)
  })

  test.each([
    ['bot', 'ok C0LOCAL0:1700000000.000001'],
    ['teams', '202'],
    ['webhook', '200']
  ])('sends to a receiver of another type: %s', async (receiver, answer) => {
    expect(await run(receiver)).toMatchObject({
      said: [`out: ${receiver} accepted the test message: ${answer}`],
      exitCode: 0
    })
  })

  test('fails where the receiver refuses', async () => {
    expect(await run('wrong')).toMatchObject({
      said: ['err: wrong did not accept the test message (permanent failure): 404 no_service'],
      exitCode: 1
    })
  })

  test('names the receivers there are', async () => {
    expect(await run('slak')).toMatchObject({
      said: [
        'err: there is no receiver slak; there are slack, bot, teams, webhook, wrong, closed, pagerduty, wrong-key, team'
      ],
      exitCode: 1
    })
  })
})

describe('a test message of another style', () => {
  const asked = (receiver: string, ...args: readonly string[]) =>
    run(receiver, ['--receiver', receiver, ...args])

  test('has the kind and the severity that are asked for', async () => {
    await asked('slack', '--kind', 'data_loss', '--severity', 'critical')
    expect(channels.lastBody()['text']).toMatch(/TEST · CRITICAL: Data loss/)
  })

  test.each([
    ['resolved', /TEST · Resolved: Revenue drop/],
    ['acknowledged', /TEST · Acknowledged: Revenue drop/],
    ['reminder', /LOW: Revenue drop: TEST: nothing is wrong/]
  ])('at a webhook is the one message: %s', async (style, expected) => {
    const before = channels.inbox.messages.length
    expect(await asked('slack', '--style', style)).toMatchObject({
      said: [`out: slack accepted the test message (${style}): 200 ok`],
      exitCode: 0
    })
    expect(channels.inbox.messages).toHaveLength(before + 1)
    expect(channels.lastBody()['text']).toMatch(expected)
    expect(JSON.stringify(channels.lastBody())).not.toContain('cartwatch_acknowledge')
  })

  test('at PagerDuty opens a page first, so that nothing is left open', async () => {
    const { said, exitCode } = await asked('pagerduty', '--style', 'resolved')
    expect(said.map(line => line.split(':')[1])).toEqual([
      ' pagerduty accepted the test message',
      ' pagerduty accepted the test message (resolved)'
    ])
    expect(exitCode).toBe(0)
    expect(channels.lastBody()).toMatchObject({ event_action: 'resolve' })
  })

  test('of a bot edits the message that it sent first', async () => {
    const { said } = await asked('bot', '--style', 'resolved')
    expect(said).toHaveLength(2)
    expect(channels.lastBody()).toMatchObject({ thread_ts: expect.any(String) })
  })

  test('is no reminder at PagerDuty, which has none', async () => {
    expect(await asked('pagerduty', '--style', 'reminder')).toMatchObject({
      said: ['out: pagerduty gets no reminders: PagerDuty escalates by itself'],
      exitCode: 0
    })
  })

  test('for a group goes to each member', async () => {
    expect(await asked('team')).toMatchObject({
      said: ['out: slack accepted the test message: 200 ok', 'out: teams accepted the test message: 202'],
      exitCode: 0
    })
  })
})

test('--all sends to every receiver, and fails where one does not accept', async () => {
  const { said, exitCode } = await run('', ['--all'])
  expect(said.map(line => line.split(' ').slice(0, 3).join(' ')).sort()).toEqual([
    'err: closed did',
    'err: wrong did',
    'err: wrong-key did',
    'out: bot accepted',
    'out: pagerduty accepted',
    'out: slack accepted',
    'out: teams accepted',
    'out: webhook accepted'
  ])
  expect(exitCode).toBe(1)
})

test('one receiver or all of them have to be named', async () => {
  const expected = { said: ['err: give either --receiver NAME or --all'], exitCode: 1 }
  expect(await run('', [])).toMatchObject(expected)
  expect(await run('', ['--all', '--receiver', 'slack'])).toMatchObject(expected)
})

test('the audit log learns who was sent what, and who accepted it', async () => {
  expect((await run('', ['--all', '--severity', 'high'])).events).toMatchObject([
    [undefined, { action: 'test_sent', details: { severity: 'high', style: 'opened' } }]
  ])
  const { events } = await run('wrong')
  expect(events).toMatchObject([[undefined, { subject: 'wrong', details: { accepted: [] } }]])
})
