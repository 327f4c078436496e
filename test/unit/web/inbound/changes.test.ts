import { expect, test } from 'vitest'
import type { Change } from '../../../../src/incident/changes.ts'
import { createOperating } from '../../../../src/operator/operator.ts'
import { epoch } from '../../../support/alerts.ts'
import { secrets, startInbound } from '../../../support/inbound.ts'
import { createMemoryStore } from '../../../support/memory-store.ts'

const bearer = { authorization: `Bearer ${secrets.apiToken}`, 'content-type': 'application/json' }
const sent = {
  what: 'checkout 4.2',
  kind: 'deploy',
  at: '2026-11-21T09:58:00.000Z',
  by: 'ci',
  link: 'https://ci.example.com/42'
}

test('takes a change, which is the same one when it is sent again, and lists it', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished)
  const first = await inbound.post('/api/changes', JSON.stringify(sent), bearer)
  const again = await inbound.post('/api/changes', JSON.stringify(sent), bearer)
  expect([first.status, JSON.parse(first.text)]).toEqual([201, { ...sent, id: expect.any(String) }])
  expect(again.text).toBe(first.text)
  const named = { ...sent, id: 'deploy-43', at: undefined, link: undefined }
  await inbound.post('/api/changes', JSON.stringify(named), bearer)
  await inbound.clock.advance(1_000)
  const later = { ...sent, at: undefined, what: 'later' }
  await inbound.post('/api/changes', JSON.stringify(later), { ...bearer, 'idempotency-key': 'deploy-43' })
  const list = async (query = '') =>
    JSON.parse((await inbound.get(`/api/changes${query}`, bearer)).text).changes
  const last = { what: 'later', kind: 'deploy', by: 'ci', link: sent.link }
  expect(await list()).toEqual([
    JSON.parse(first.text),
    { ...last, id: 'deploy-43', at: '2026-11-21T10:00:01.000Z' }
  ])
  expect(await list('?from=2026-11-21T09:00:00Z&to=2026-11-21T10:00:00Z')).toEqual([JSON.parse(first.text)])
  expect(inbound.recorded.slice(0, 1)).toEqual([
    { action: 'change_told', actor: 'ci', origin: '127.0.0.1', subject: JSON.parse(first.text).id }
  ])
})

test.for<[string, object, string]>([
  ['without what', { by: 'ci' }, 'what is missing; expected text'],
  ['of another kind', { ...sent, kind: 'party' }, 'kind is "party"; expected deploy, campaign or other'],
  [
    'with a link that runs',
    { ...sent, link: 'javascript:alert(1)' },
    'link is "javascript:alert(1)"; expected an address such as https://ci.example.com/42'
  ],
  ['of last year', { ...sent, at: '2025-11-21T10:00Z' }, 'at is more than 90 days away']
])('refuses one %s', async ([, body, message], { onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const answer = await inbound.post('/api/changes', JSON.stringify(body), bearer)
  expect([answer.status, JSON.parse(answer.text).message]).toEqual([400, message])
  expect(await inbound.store.changes('shop', 0)).toEqual([])
})

test('hands it to the instance that works', async ({ onTestFinished }) => {
  const told: Change[] = []
  const store = createMemoryStore()
  const onChange = (change: Change) => void told.push(change)
  const operating = createOperating({ pipeline: 'shop', store, now: () => epoch, onChange })
  const inbound = await startInbound(onTestFinished, { operating })
  await inbound.post('/api/changes', JSON.stringify(sent), bearer)
  expect(told).toMatchObject([{ what: 'checkout 4.2', via: 'api', at: Date.parse(sent.at) }])
})
