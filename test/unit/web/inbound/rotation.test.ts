import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { dayMs } from '../../../../src/time/units.ts'
import { slackHeaders, startInbound } from '../../../support/inbound.ts'

const [fresh, old, gone] = ['planted-fresh-secret', 'planted-older-secret', 'planted-former-secret'] as const
const stillUsed = 'an old secret is still in use'
const click = 'payload=%7B%7D'
const signed = (body: string, secret: string) => ({
  'content-type': 'application/json',
  'x-pagerduty-signature': `v1=${createHmac('sha256', secret).update(body).digest('hex')}`
})

type Started = Awaited<ReturnType<typeof startInbound>>
const used = (inbound: Started) => inbound.logged().split(stillUsed).length - 1

const ways = {
  'http.api_token': (inbound: Started, secret: string) =>
    inbound.get('/api/silences', { authorization: `Bearer ${secret}` }),
  'http.intake_token': (inbound: Started, secret: string) =>
    inbound.get('/api/rate?kind=drift&model_id=m', { authorization: `Bearer ${secret}` }),
  // A signature serves once.
  'http.slack_signing_secret'(inbound: Started, secret: string) {
    const body = `${click}&nonce=${Math.random()}`
    return inbound.post('/slack/interactions', body, slackHeaders(body, inbound.clock.now(), secret))
  },
  'http.pagerduty_webhook_secret': (inbound: Started, secret: string) =>
    inbound.post('/pagerduty/webhook', '{}', signed('{}', secret))
}

test.for(Object.keys(ways) as (keyof typeof ways)[])(
  'the new and the old %s let in, others do not, and a use of the old one is logged once a day',
  async (key, { onTestFinished }) => {
    const both = [fresh, old]
    const secrets = {
      apiToken: both,
      intakeToken: both,
      slackSigningSecret: both,
      pagerdutyWebhookSecret: both
    }
    const inbound = await startInbound(onTestFinished, { secrets })
    const ask = async (secret: string) => (await ways[key](inbound, secret)).status
    expect([await ask(gone), await ask(fresh)]).toEqual([401, 200])
    expect(used(inbound)).toBe(0)
    expect([await ask(old), await ask(old)]).toEqual([200, 200])
    expect(used(inbound)).toBe(1)
    await inbound.clock.advance(dayMs)
    expect(await ask(old)).toBe(200)
    expect(used(inbound)).toBe(2)
    expect(inbound.logged()).toContain(`"key":"${key}","place":2`)
    expect(inbound.logged()).not.toContain('planted')
  }
)

test('secrets that a reload exchanges count from then on', async ({ onTestFinished }) => {
  const secrets: { apiToken: readonly string[] } = { apiToken: [old] }
  const inbound = await startInbound(onTestFinished, { secrets })
  const ask = async (secret: string) => (await ways['http.api_token'](inbound, secret)).status
  expect([await ask(old), await ask(fresh)]).toEqual([200, 401])
  secrets.apiToken = [fresh]
  expect([await ask(old), await ask(fresh)]).toEqual([401, 200])
})
