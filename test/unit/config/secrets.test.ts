import { describe, expect, test } from 'vitest'
import { isSecretVariable, maskingOf, maskText, scrub } from '../../../src/config/secrets.ts'

test.each([
  [['store', 'password'], 'whole'],
  [['receivers', 'pd', 'integration_key'], 'whole'],
  [['receivers', 'hook', 'headers', 'X-Anything'], 'whole'],
  [['receivers', 'team', 'webhook_url'], 'url'],
  [['receivers', 'hook', 'url'], 'url'],
  [['store', 'url'], 'open'],
  [['alerting', 'dashboard_url'], 'open'],
  [['kafka', 'group'], 'open']
] as const)('what is at %j is shown %s', (path, masking) => {
  expect(maskingOf(path)).toBe(masking)
})

describe('a masked text', () => {
  test('of a webhook keeps its last 8 characters', () => {
    expect(maskText('https://hooks.slack.com/services/T0/B0/abcdefgh12345678', 'url')).toBe('***12345678')
  })

  test('that is too short to hide behind them keeps none', () => {
    expect(maskText('http://secret', 'url')).toBe('***')
    expect(maskText('https://hooks.shop.example.com/s3cr3t-1', 'url')).toBe('***')
    expect(maskText('https://hooks.example/services/T0/B0/abcdefgh?key=12345678', 'url')).toBe('***')
    expect(maskText('not an address, but long enough to be one', 'url')).toBe('***')
  })

  test('of any other secret keeps none', () => {
    expect(maskText('a'.repeat(40), 'whole')).toBe('***')
  })
})

test('known secrets and the credentials of URLs are taken out of a text', () => {
  const text = 'got hunter2 at http://me:pw@host/?token=abc&x=1'
  expect(scrub(text, ['hunter2'])).toBe('got *** at http://me:***@host/?token=***&x=1')
})

test('a short secret is taken out where it stands by itself', () => {
  expect(scrub('user x, password a$b, not xa$b', ['a$b', 'x', ''])).toBe('user ***, password ***, not xa$b')
})

test('a webhook of Slack is known wherever it stands', () => {
  const text = 'is "slack https://hooks.slack.com/services/T0/B0/abcdefgh12345678"'
  expect(scrub(text, [])).toBe('is "slack ***12345678"')
})

test('variables are secret by their names', () => {
  const names = ['SLACK_WEBHOOK_URL', 'CLICKHOUSE_PASSWORD', 'PAGERDUTY_INTEGRATION_KEY', 'API_TOKEN']
  expect(names.filter(isSecretVariable)).toEqual(names)
  expect(['KAFKA_BOOTSTRAP_SERVERS', 'CLICKHOUSE_URL', 'HTTP_PORT'].filter(isSecretVariable)).toEqual([])
})
