import { expect, test } from 'vitest'
import { viewOfIncident } from '../../../../src/store/tables/incidents.ts'
import { incidentsAnswer } from '../../../../src/web/api/incidents.ts'
import { epoch, escalationOf, incidentOf } from '../../../support/alerts.ts'
import { fitting } from '../../../support/fitting.ts'
import { incidentId, secrets, startInbound } from '../../../support/inbound.ts'

const bearer = { authorization: `Bearer ${secrets.apiToken}`, 'content-type': 'application/json' }

test('shows incidents, all or those of a state, and one by its id or a beginning of it', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished)
  await inbound.store.insertIncidents([
    incidentOf({ id: 'aaaa', status: 'resolved', resolvedAt: epoch, openedAt: epoch - 1 })
  ])
  const ids = async (path: string) =>
    fitting(incidentsAnswer, JSON.parse((await inbound.get(path, bearer)).text)).incidents.map(({ id }) => id)
  expect(await ids('/api/incidents')).toEqual([incidentId, 'aaaa'])
  expect(await ids('/api/incidents?status=open')).toEqual([incidentId])
  const one = await inbound.get(`/api/incidents/${incidentId.slice(0, 8)}`, bearer)
  const shown = JSON.parse(one.text)
  expect(shown).toMatchObject({
    version: 1,
    id: incidentId,
    opened_at: '2026-11-21T10:01:00.000Z',
    peak: { value: 245, expected: 1850, severity: 'high', window_end: '2026-11-21T10:01:00.000Z' },
    flapping: false,
    acknowledged: null,
    details: 'Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.'
  })
  // The command line prints the same.
  const [stored] = await inbound.store.findIncidents({ idPrefix: incidentId })
  expect(shown).toMatchObject(stored && JSON.parse(JSON.stringify(viewOfIncident(stored))))
  expect(shown).toMatchObject({
    title: 'Revenue drop',
    unit: 'money',
    currency: 'USD',
    loss_unit: 'money',
    silenced_by: null
  })
  expect((await inbound.get('/api/incidents/unknown', bearer)).status).toBe(404)
  const wrong = await inbound.get('/api/incidents?status=shut&since=today', bearer)
  expect([wrong.status, JSON.parse(wrong.text).message]).toEqual([
    400,
    'status is "shut"; expected open or resolved. since is "today"; expected a time with its zone, such as 2026-11-28T20:00:00Z'
  ])
})

test('escalates an incident to its next level, once for an idempotency key', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const path = `/api/incidents/${incidentId}/escalate`
  const without = await inbound.post(path, '{"by":"ann"}', bearer)
  expect([without.status, JSON.parse(without.text)]).toEqual([
    409,
    {
      error: 'no_policy',
      message: 'No route of this incident has an escalation policy (escalate: NAME).'
    }
  ])
  const incident = incidentOf({ id: incidentId, severity: 'high', escalation: escalationOf() })
  await inbound.store.insertIncidents([incident])
  const once = { ...bearer, 'idempotency-key': 'k1' }
  const answers = [
    await inbound.post(path, '{"by":"ann"}', once),
    await inbound.post(path, '{"by":"ann"}', once)
  ]
  expect(answers.map(({ status, text }) => [status, JSON.parse(text)])).toEqual(
    Array(2).fill([200, { incident: incidentId, by: 'ann', severity: 'high', level: 1, levels: 3 }])
  )
  expect(await inbound.store.actions('shop', 0)).toMatchObject([
    { action: 'escalate', by: 'ann', via: 'api', incidentId, severity: 'high', level: 1 }
  ])
  expect((await inbound.post(path, '{}', bearer)).status).toBe(400)
  expect((await inbound.post('/api/incidents/ffffff/escalate', '{"by":"ann"}', bearer)).status).toBe(404)
  expect(inbound.audit()).toEqual([
    'ignored: no_policy',
    'taken: escalate by ann',
    'taken: escalate by ann',
    'refused: bad_request',
    'ignored: unknown'
  ])
})

test('says what an incident was: the last one counts, and shows with it', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const path = `/api/incidents/${incidentId.slice(0, 8)}/label`
  const first = await inbound.post(path, '{"by":"ann","label":"real"}', bearer)
  expect([first.status, JSON.parse(first.text)]).toEqual([
    200,
    { incident: incidentId, by: 'ann', label: 'real', reason: '' }
  ])
  await inbound.clock.advance(1_000)
  const said = '{"by":"bob","label":"expected","reason":" the sale\\n"}'
  await inbound.post(path, said, { ...bearer, 'idempotency-key': 'k1' })
  await inbound.post(path, said, { ...bearer, 'idempotency-key': 'k1' })
  expect(await inbound.store.actions('shop', 0)).toHaveLength(2)
  const label = {
    verdict: 'expected',
    reason: 'the sale',
    by: 'bob',
    via: 'api',
    at: '2026-11-21T10:00:01.000Z'
  }
  expect(JSON.parse((await inbound.get(`/api/incidents/${incidentId}`, bearer)).text)).toMatchObject({
    label
  })
  const list = JSON.parse((await inbound.get('/api/incidents', bearer)).text)
  expect(list.incidents).toMatchObject([{ id: incidentId, label }])
  const wrong = await inbound.post(path, '{"by":"ann","label":"great"}', bearer)
  expect([wrong.status, JSON.parse(wrong.text).message]).toEqual([
    400,
    'label is "great"; expected real, false or expected'
  ])
  const unknown = await inbound.post('/api/incidents/ffffff/label', '{"by":"ann","label":"real"}', bearer)
  expect(unknown.status).toBe(404)
  expect(inbound.recorded).toMatchObject([
    { action: 'label', actor: 'ann', subject: incidentId },
    { action: 'label', actor: 'bob' },
    { action: 'label', actor: 'bob' }
  ])
})

test('acknowledges an incident as grave as it is, for whom it is told', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const path = `/api/incidents/${incidentId}/acknowledge`
  const answers = [
    await inbound.post(path, '{"by":"ann"}', bearer),
    await inbound.post(path, '{"by":"ann"}', bearer)
  ]
  expect(answers.map(({ status, text }) => [status, JSON.parse(text)])).toEqual(
    Array(2).fill([200, { incident: incidentId, by: 'ann', severity: 'high' }])
  )
  expect(await inbound.store.actions('shop', 0)).toMatchObject([
    { action: 'acknowledge', by: 'ann', via: 'api', incidentId, severity: 'high' }
  ])
  expect((await inbound.post(path, '{}', bearer)).status).toBe(400)
  const acknowledged = { by: 'bob', via: 'link', at: epoch, severity: 'high' } as const
  await inbound.store.insertIncidents([incidentOf({ id: incidentId, acknowledged })])
  const later = await inbound.post(path, '{"by":"ann"}', bearer)
  expect([later.status, JSON.parse(later.text)]).toEqual([
    200,
    { incident: incidentId, by: 'bob', severity: 'high' }
  ])
  await inbound.store.insertIncidents([incidentOf({ id: incidentId, status: 'resolved' })])
  expect((await inbound.post(path, '{"by":"ann"}', bearer)).status).toBe(409)
})

test('makes, lists and ends silences', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const asked = {
    match: { kind: 'revenue_drop', segment: ['country=DE', 'country=AT'], labels: { team: '!data' } },
    for: '2h',
    reason: 'a release',
    by: 'ann'
  }
  const made = await inbound.post('/api/silences', JSON.stringify(asked), bearer)
  expect(made.status).toBe(201)
  const silence = {
    id: expect.any(String),
    match: { kind: ['revenue_drop'], segment: ['country=DE', 'country=AT'], labels: { team: ['!data'] } },
    by: 'ann',
    reason: 'a release',
    starts_at: '2026-11-21T10:00:00.000Z',
    ends_at: '2026-11-21T12:00:00.000Z',
    version: 1
  }
  expect(JSON.parse(made.text)).toEqual(silence)
  const list = async () => JSON.parse((await inbound.get('/api/silences', bearer)).text)
  expect(await list()).toEqual({ silences: [silence] })
  await inbound.clock.advance(60_000)
  const { id } = JSON.parse(made.text)
  const end = () =>
    fetch(`${inbound.url}/api/silences/${id}?by=bob`, {
      method: 'DELETE',
      headers: { authorization: bearer.authorization }
    })
  expect(await (await end()).json()).toEqual({ ...silence, ends_at: '2026-11-21T10:01:00.000Z' })
  expect(await list()).toEqual({ silences: [] })
  expect((await end()).status).toBe(404)
  expect(inbound.audit()).toEqual(['taken: silence by ann', 'taken: end_silence by bob', 'refused: unknown'])
  expect(inbound.recorded).toMatchObject([
    { action: 'silence', actor: 'ann', origin: '127.0.0.1' },
    { action: 'end_silence', actor: 'bob' }
  ])
})

test('a request with the same Idempotency-Key is the same silence', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const body = JSON.stringify({ match: { kind: 'data_loss' }, for: '1h', reason: 'x', by: 'ann' })
  await inbound.post('/api/silences', body, { ...bearer, 'idempotency-key': 'k1' })
  await inbound.clock.advance(5_000)
  await inbound.post('/api/silences', body, { ...bearer, 'idempotency-key': 'k1' })
  expect(await inbound.store.actions('shop', 0)).toHaveLength(1)
})

test.for<[string, object]>([
  [
    'match is keys and values; expected at least one of kind, severity, segment, pipeline, labels',
    { match: {} }
  ],
  [
    'match.kind is "revenue_drp"; expected a kind of anomaly, or a pattern with *',
    { match: { kind: 'revenue_drp' } }
  ],
  [
    'match.severity is "bad"; expected low, medium, high, critical, or a pattern',
    { match: { severity: 'bad' } }
  ],
  ['match.segment is 5; expected text or a list', { match: { segment: 5 } }],
  ['reason is " "; expected at least 1 characters', { reason: ' ' }],
  ['by is missing; expected text', { by: undefined }],
  ['for is "long"; expected a duration such as 2h', { for: 'long' }],
  ['either for or ends_at says when it ends', { for: undefined }],
  ['either for or ends_at says when it ends', { ends_at: '2026-11-21T12:00:00Z' }],
  [
    'ends_at is "soon"; expected a time with its zone, such as 2026-11-28T20:00Z',
    { for: undefined, ends_at: 'soon' }
  ],
  ['it is over before it begins', { for: undefined, ends_at: '2026-11-21T09:00:00Z' }],
  ['it ends more than 90 days from now', { for: '91d' }],
  ['until is not a known key; expected match, by, reason, starts_at, ends_at or for', { until: 'tomorrow' }]
])('a silence is refused: %s', async ([message, change], { onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const asked = { match: { kind: 'revenue_drop' }, for: '2h', reason: 'a release', by: 'ann', ...change }
  const answer = await inbound.post('/api/silences', JSON.stringify(asked), bearer)
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.text)).toEqual({ error: 'bad_request', message })
  expect(await inbound.store.actions('shop', 0)).toEqual([])
})

test.for(['', 'Bearer ', 'Bearer planted-api-token-5', `bearer ${secrets.apiToken}`, secrets.apiToken])(
  'the header "%s" lets nobody in',
  async (authorization, { onTestFinished }) => {
    const inbound = await startInbound(onTestFinished)
    for (const path of ['/api/incidents', '/api/silences']) {
      const answer = await inbound.get(path, { authorization })
      expect([answer.status, answer.text]).toEqual([401, '{"error":"unauthorized"}'])
    }
    expect(inbound.audit()).toEqual(['refused: unauthorized', 'refused: unauthorized'])
    expect(inbound.recorded).toEqual(
      Array(2).fill({ way: 'api', reason: 'unauthorized', origin: '127.0.0.1' })
    )
    expect(inbound.logged()).not.toContain('planted')
  }
)

test('without a token the API is off, and says so', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished, { secrets: { apiToken: null } })
  const answer = await inbound.get('/api/incidents', { authorization: 'Bearer ' })
  expect([answer.status, JSON.parse(answer.text)]).toEqual([
    404,
    {
      error: 'not_found',
      message:
        'The API is off: http.api_token (CARTWATCH_API_TOKEN) turns it on for programs, http.password (CARTWATCH_PASSWORD) for people.'
    }
  ])
})

test('a store that is away is a 503 without its message', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  inbound.store.isDown = true
  const answer = await inbound.get('/api/incidents', bearer)
  expect([answer.status, answer.text]).toEqual([503, '{"error":"unavailable"}'])
})

test('lists incidents page by page, of a kind or a severity', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  await inbound.store.insertIncidents(
    ['aaaa', 'bbbb', 'cccc'].map(id => incidentOf({ id, severity: 'low', openedAt: epoch }))
  )
  const ids: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await inbound.get(`/api/incidents?limit=2${cursor && `&cursor=${cursor}`}`, bearer)
    const { incidents, next_cursor } = JSON.parse(page.text)
    ids.push(...incidents.map(({ id }: { id: string }) => id))
    cursor = next_cursor
  }
  expect(ids).toEqual([incidentId, 'aaaa', 'bbbb', 'cccc'])
  const count = async (query: string) =>
    JSON.parse((await inbound.get(`/api/incidents?${query}`, bearer)).text).incidents.length
  expect([
    await count('severity=low'),
    await count('kind=revenue_drop'),
    await count('kind=data_loss')
  ]).toEqual([3, 4, 0])
  const wrong = await inbound.get('/api/incidents?cursor=x', bearer)
  expect([wrong.status, JSON.parse(wrong.text).message]).toEqual([400, 'cursor is not one of ours'])
})

test('previews a silence: the incidents and receivers that it would cover, and stores nothing', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished)
  const preview = async (match: object) => {
    const body = JSON.stringify({ match, for: '1h' })
    return JSON.parse((await inbound.post('/api/silences/preview', body, bearer)).text)
  }
  expect(await preview({ kind: 'revenue_drop' })).toEqual({
    starts_at: '2026-11-21T10:00:00.000Z',
    ends_at: '2026-11-21T11:00:00.000Z',
    incidents: [
      { id: incidentId, title: 'Revenue drop', severity: 'high', segment: 'all', receivers: ['slack'] }
    ],
    receivers: ['slack']
  })
  expect(await preview({ kind: 'data_loss' })).toMatchObject({ incidents: [], receivers: [] })
  expect(await inbound.store.actions('shop', 0)).toEqual([])
})
