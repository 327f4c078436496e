import { expect, test } from 'vitest'
import type { CommandEvent } from '../../../src/cli/command-audit.ts'
import { sendTests } from '../../../src/cli/send-tests.ts'
import { loadConfig } from '../../../src/config/load.ts'
import type { Channel } from '../../../src/delivery/channel.ts'
import type { NotificationRecord } from '../../../src/incident/types.ts'

const hook = 'https://hooks.slack.com/services/T0/B0/planted-secret-of-a-hook'
const source = `
receivers:
  team: { type: slack, webhook_url: "${hook}" }
  room: { type: teams, webhook_url: "https://teams.example/planted-secret-of-a-room-1" }
  other: { type: webhook, url: "https://hook.example/planted-secret-of-another-1" }
  pager: { type: pagerduty, integration_key: "0123456789abcdef0123456789abcdef" }
routes: [{ match: { severity: high }, receiver: [room, other, pager] }, { default: team }]
`

test('sends one marked test to each webhook and to no pager, and shows no secret of the answers', async () => {
  const loaded = loadConfig({ path: 'c.yaml', env: {}, readFile: () => source })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  const messages: NotificationRecord[] = []
  const events: [string | undefined, CommandEvent][] = []
  let isClosed = false
  const channelOf = (name: string): Channel => ({
    type: 'teams',
    address: name,
    async send(record) {
      messages.push(record)
      return name === 'room'
        ? { kind: 'refused', answer: `404 of ${hook}` }
        : { kind: 'sent', answer: '200 ok' }
    }
  })
  const byName = new Map([...loaded.config.receivers.keys()].map(name => [name, channelOf(name)]))
  const checks = await sendTests(loaded.config, {
    channels: {
      byName,
      close: async () => {
        isClosed = true
      }
    },
    audit: async (file, event) => void events.push([file, event]),
    file: 'c.yaml',
    clock: { now: () => 0 }
  })
  expect(checks).toEqual([
    { path: 'receivers.team', isReached: true, answer: 'accepted a test message: 200 ok' },
    { path: 'receivers.room', isReached: false, answer: '404 of ***f-a-hook' },
    { path: 'receivers.other', isReached: true, answer: 'accepted a test message: 200 ok' }
  ])
  expect(messages.map(({ receiver, reason }) => [receiver, reason.type])).toEqual([
    ['team', 'test'],
    ['room', 'test'],
    ['other', 'test']
  ])
  expect(events).toEqual([
    [
      'c.yaml',
      { action: 'test_sent', subject: 'team, room, other', details: { accepted: ['team', 'other'] } }
    ]
  ])
  expect(isClosed).toBe(true)
})
