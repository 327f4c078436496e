import { expect, test } from 'vitest'
import { secrets, startInbound } from '../../../support/inbound.ts'

const ways = ['/slack/interactions', '/pagerduty/webhook', '/a/token', '/api/silences']
const bearer = { authorization: `Bearer ${secrets.apiToken}` }

test.for(ways)('%s refuses a body that is too large before it reads it', async (path, { onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const headers = { ...bearer, 'content-type': 'application/x-www-form-urlencoded' }
  expect((await inbound.post(path, 'x'.repeat(300_000), headers)).status).toBe(413)
  expect(inbound.audit()).toEqual([expect.stringMatching(/^refused: (too_large|413)$/)])
})

test.for(ways)('%s refuses a body of another type', async (path, { onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  expect((await inbound.post(path, '<a/>', { ...bearer, 'content-type': 'text/xml' })).status).toBe(415)
})

test('an address that asks too often is refused on all ways in, and /healthz still answers it', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished, { ratePerMinute: 3 })
  const answers = []
  for (const path of ['/api/incidents', '/a/token', '/api/incidents', '/api/incidents', '/a/token'])
    answers.push((await inbound.get(path)).status)
  expect(answers).toEqual([401, 404, 401, 429, 429])
  expect(inbound.audit().slice(3)).toEqual(['refused: too_many_requests', 'refused: 429'])
  expect((await inbound.get('/healthz')).status).toBe(200)
})

test('a way that is not configured is not there', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished, {
    linkSecret: null,
    slackSigningSecret: null,
    pagerdutyWebhookSecret: null
  })
  const answers = [
    await inbound.post('/slack/interactions', ''),
    await inbound.post('/pagerduty/webhook', ''),
    await inbound.get('/a/token')
  ]
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
})
