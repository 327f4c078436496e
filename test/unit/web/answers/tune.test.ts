import { expect, test } from 'vitest'
import { tuneAnswer } from '../../../../src/web/api/tune.ts'
import { fitting } from '../../../support/fitting.ts'
import { secrets, startInbound } from '../../../support/inbound.ts'

const bearer = { authorization: `Bearer ${secrets.apiToken}`, 'content-type': 'application/json' }

test('starts a trial, refuses another one meanwhile, and ends it', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const post = (body: string) => inbound.post('/api/tune', body, bearer)
  const get = async () => fitting(tuneAnswer, JSON.parse((await inbound.get('/api/tune', bearer)).text)).trial
  expect(await get()).toBeNull()
  const started = await post('{"kind":"traffic_drop","days":7}')
  expect(started.status).toBe(202)
  expect(await get()).toMatchObject({ kind: 'traffic_drop', days: 7, status: 'running' })
  const other = await post('{"kind":"revenue_drop"}')
  expect([other.status, JSON.parse(other.text)]).toEqual([
    409,
    {
      error: 'conflict',
      message: 'traffic_drop is being tried: wait until that is done, or stop it.'
    }
  ])
  const { authorization } = bearer
  const ended = await fetch(`${inbound.url}/api/tune`, { method: 'DELETE', headers: { authorization } })
  expect(ended.status).toBe(200)
  expect(await get()).toBeNull()
})

test('says what is wrong with what is asked', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const message = async (body: string) =>
    JSON.parse((await inbound.post('/api/tune', body, bearer)).text).message
  expect(await message('{"kind":"nothing"}')).toMatch(/^There is no threshold of nothing to try; there are /)
  expect(await message('{"kind":"traffic_drop","days":400}')).toBe('days is 400; expected at most 90')
  expect(await message('{"days":1}')).toBe('kind is missing; expected text')
})
