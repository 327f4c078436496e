import { expect, test } from 'vitest'
import { incidentLinks, incidentPage } from '../../../../src/web/inbound/links.ts'
import { readToken, tokenOf } from '../../../../src/web/inbound/tokens.ts'
import { anomalyAt, epoch, incidentOf, recordOf } from '../../../support/alerts.ts'
import { incidentId, secrets, startInbound } from '../../../support/inbound.ts'

const secret = secrets.linkSecret
const claim = { incidentId, severity: 'high', expiresAt: epoch + 1_000 } as const
const path = `/a/${tokenOf(secret, claim)}`
const form = { 'content-type': 'application/x-www-form-urlencoded' }

test('a link leads to its incident for a week', () => {
  const linkTo = incidentLinks({ publicUrl: 'https://cartwatch.example', linkSecret: secret })
  const url = linkTo(recordOf({ incidentId, severity: 'high', decidedAt: epoch })) ?? ''
  expect(url).toMatch(/^https:\/\/cartwatch\.example\/a\/[\w-]+\.[\w-]{43}$/)
  const token = url.slice('https://cartwatch.example/a/'.length)
  const weekMs = 604_800_000
  expect(readToken(secret, token, epoch + weekMs - 1)).toEqual({
    kind: 'good',
    claim: { incidentId, severity: 'high', expiresAt: epoch + weekMs }
  })
  expect(readToken(secret, token, epoch + weekMs)).toEqual({ kind: 'expired' })
})

test('without a public URL there is no link', () => {
  expect(incidentLinks({ publicUrl: null, linkSecret: null })(recordOf())).toBe(null)
})

test('GET shows the incident and a form, and acknowledges nothing', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const page = await inbound.get(path)
  expect(page.status).toBe(200)
  expect(page.text).toContain('<h1>high: revenue_drop</h1>')
  expect(page.text).toContain('Revenue dropped by 87% from baseline ($1,850 → $245).')
  expect(page.text).toContain('<form method="post">')
  expect(page.text).not.toContain('<script')
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(page.headers.get('referrer-policy')).toBe('no-referrer')
  expect(inbound.store.writes).toEqual(['incidents 1'])
})

test('POST acknowledges by the name that is typed in', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const page = await inbound.post(path, 'by=Ann+%3Cb%3E', form)
  expect(page.status).toBe(200)
  expect(page.text).toContain('Acknowledged by Ann &lt;b&gt;. You can close this page.')
  expect(await inbound.store.actions('shop', 0)).toMatchObject([
    { action: 'acknowledge', by: 'Ann <b>', via: 'link', incidentId, severity: 'high', at: epoch }
  ])
})

test('POST without a name, twice, is one acknowledgement', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  await inbound.post(path, '', form)
  await inbound.post(path, 'by=+', form)
  expect((await inbound.store.actions('shop', 0)).map(({ by }) => by)).toEqual(['somebody with the link'])
})

test.for([
  ['made with another secret', `/a/${tokenOf('another-secret-of-16', claim)}`, 404, 'bad_link'],
  ['that was changed', path.replace(/^\/a\/./, '/a/X'), 404, 'bad_link'],
  ['without a signature', path.split('.')[0] ?? '', 404, 'bad_link'],
  ['that has expired', `/a/${tokenOf(secret, { ...claim, expiresAt: epoch })}`, 410, 'expired_link']
] as const)('a link %s does nothing, by GET or POST', async ([, bad, status, reason], { onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  expect([(await inbound.get(bad)).status, (await inbound.post(bad, '', form)).status]).toEqual([
    status,
    status
  ])
  expect(inbound.audit()).toEqual([`refused: ${reason}`, `refused: ${reason}`])
  expect(inbound.recorded).toMatchObject(Array(2).fill({ way: 'link', reason }))
  expect(await inbound.store.actions('shop', 0)).toEqual([])
})

test.for([
  ['is graver by now', { severity: 'critical' }, 409, 'It is critical by now'],
  ['is over', { status: 'resolved' }, 409, 'This incident is over'],
  [
    'is acknowledged',
    { acknowledged: { by: '<ann>', via: 'slack', at: epoch, severity: 'high' } },
    409,
    '&lt;ann&gt; has acknowledged it already.'
  ]
] as const)(
  'a link to an incident that %s shows why there is no form',
  async ([, change, status, words], { onTestFinished }) => {
    const inbound = await startInbound(onTestFinished)
    await inbound.store.insertIncidents([incidentOf({ id: incidentId, ...change })])
    const [page, posted] = [await inbound.get(path), await inbound.post(path, '', form)]
    expect([page.status, posted.status]).toEqual([200, status])
    expect(page.text).toContain(words)
    expect(page.text).not.toContain('<form')
    expect(await inbound.store.actions('shop', 0)).toEqual([])
  }
)

test('texts of events are shown and do nothing on the page', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const segment = `country="><script>alert(1)</script>'&\u202e`
  const lastAnomaly = anomalyAt(1, { segment, details: '<img src=x onerror=alert(1)>' })
  await inbound.store.insertIncidents([incidentOf({ id: incidentId, segment, lastAnomaly })])
  const { text } = await inbound.get(path)
  expect(text).toContain(
    '<h1>high: revenue_drop in country=&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;\\u202e</h1>'
  )
  expect(text).toContain('<dd>&lt;img src=x onerror=alert(1)&gt;</dd>')
})

test('neither pages nor the log show a secret or a token', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const texts = [await inbound.get(path), await inbound.post(path, 'by=ann', form)].map(({ text }) => text)
  expect(inbound.audit()).toEqual(['taken: acknowledge by ann'])
  const shown = `${texts.join()}${inbound.logged()}`
  expect(shown).not.toContain(secret)
  expect(shown).not.toContain(path.slice(3))
})

test('a store that is away is a page that says so', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  inbound.store.isDown = true
  const page = await inbound.post(path, '', form)
  expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8'])
  expect(page.text).toContain('The store does not answer, so nothing was done.')
})

test('View Dashboard leads to the page where people can sign in to it', () => {
  const nobody = {
    publicUrl: 'https://cartwatch.example',
    password: null,
    viewPassword: null,
    userHeader: null
  }
  const page = 'https://cartwatch.example/incidents/{incident}'
  expect(incidentPage(nobody)).toBe(null)
  expect(incidentPage({ ...nobody, password: ['a-password-of-people'] })).toBe(page)
  expect(incidentPage({ ...nobody, userHeader: 'x-forwarded-user' })).toBe(page)
  expect(incidentPage({ ...nobody, publicUrl: null, viewPassword: ['a-password-of-viewers'] })).toBe(null)
})
