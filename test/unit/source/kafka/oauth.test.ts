import { afterEach, describe, expect, test } from 'vitest'
import { createTokens } from '../../../../src/source/kafka/oauth.ts'
import { startTokenEndpoint, type TokenAnswer, type TokenEndpoint } from '../../../support/token-endpoint.ts'

const secret = 'k3y with/special=characters'
let endpoint: TokenEndpoint
afterEach(() => endpoint.close())

/** Tokens of an endpoint that gives `token-1`, `token-2`, … unless it answers something else. */
async function tokensOf(lifeSeconds: number | undefined, other?: TokenAnswer, scope?: string) {
  let given = 0
  endpoint = await startTokenEndpoint(
    () =>
      other ?? { body: { access_token: `token-${++given}`, token_type: 'Bearer', expires_in: lifeSeconds } }
  )
  const clock = { nowMs: 0, now: () => clock.nowMs }
  const client = { tokenUrl: endpoint.url, clientId: 'cart watch', clientSecret: secret, scope }
  return { clock, token: createTokens(client, clock) }
}

describe('tokens', () => {
  test('are asked for by the client-credentials grant, the secret in the header', async () => {
    const { token } = await tokensOf(300, undefined, 'kafka read')
    await token()
    const { authorization = '', form } = endpoint.requests[0] ?? {}
    expect(form).toEqual({ grant_type: 'client_credentials', scope: 'kafka read' })
    const [id, key] = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(':')
    expect(new URLSearchParams(`id=${id}&key=${key}`).get('id')).toBe('cart watch')
    expect(new URLSearchParams(`id=${id}&key=${key}`).get('key')).toBe(secret)
  })

  test('are kept until half a minute before their end', async () => {
    const { clock, token } = await tokensOf(300)
    expect(await token()).toBe('token-1')
    clock.nowMs = 269_999
    expect(await token()).toBe('token-1')
    clock.nowMs = 270_000
    expect(await token()).toBe('token-2')
  })

  test('that expire sooner are used once', async () => {
    const { token } = await tokensOf(30)
    expect([await token(), await token()]).toEqual(['token-1', 'token-2'])
  })

  test('of unknown expiry are used once', async () => {
    const { token } = await tokensOf(undefined)
    expect([await token(), await token()]).toEqual(['token-1', 'token-2'])
  })

  test('are the same for concurrent callers', async () => {
    const { token } = await tokensOf(300)
    expect(await Promise.all([token(), token(), token()])).toEqual(['token-1', 'token-1', 'token-1'])
    expect(endpoint.requests).toHaveLength(1)
  })

  test('are asked for again after a failure', async () => {
    let isUp = false
    endpoint = await startTokenEndpoint(() =>
      isUp ? { body: { access_token: 't', token_type: 'bearer' } } : { status: 503, body: 'away' }
    )
    const client = { tokenUrl: endpoint.url, clientId: 'me', clientSecret: secret }
    const token = createTokens(client, { now: () => 0 })
    await expect(token()).rejects.toThrow('answers without a usable token (503)')
    isUp = true
    expect(await token()).toBe('t')
  })
})

describe('without a token', () => {
  test.each<[string, TokenAnswer, string]>([
    [
      'a refused client',
      { status: 401, body: { error: 'invalid_client', error_description: `no such client: ${secret}` } },
      'answers 401 invalid_client, no such client: *** (kafka.sasl.client_id, client_secret, scope)'
    ],
    [
      'a challenge',
      { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' }, body: {} },
      'answers 401 (kafka.sasl.client_id, client_secret, scope)'
    ],
    [
      'a page',
      { headers: { 'content-type': 'text/html' }, body: '<html>' },
      'answers without a usable token (200)'
    ],
    [
      'another kind of token',
      { body: { access_token: 'a', token_type: 'mac' } },
      'answers without a usable token'
    ],
    ['an answer without a token', { body: { token_type: 'bearer' } }, 'answers without a usable token']
  ])('%s is said, without the secret', async (_, answer, words) => {
    const { token } = await tokensOf(300, answer)
    const fault: unknown = await token().catch(error => error)
    expect(fault).toMatchObject({
      name: 'KafkaJSConnectionError',
      message: expect.stringContaining(`no token for Kafka: ${endpoint.url} ${words}`)
    })
    expect(String(fault)).not.toContain(secret)
  })

  test('an unreachable endpoint is the reason', async () => {
    const { token } = await tokensOf(300)
    await endpoint.close()
    await expect(token()).rejects.toThrow(/cannot be reached: .*ECONNREFUSED.* \(kafka\.sasl\.token_url\)$/)
    endpoint = await startTokenEndpoint(() => ({ body: {} }))
  })
})
