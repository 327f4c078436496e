import { expect, test } from 'vitest'
import { secondMs } from '../../../../src/time/units.ts'
import { createFeed } from '../../../../src/web/events/feed.ts'
import { type Inbound, secrets, startInbound } from '../../../support/inbound.ts'

const bearer = { authorization: `Bearer ${secrets.apiToken}` }

/** Reads a stream up to a text, and goes on behind it the next time. */
async function listen(inbound: Inbound, headers: Record<string, string> = {}) {
  const response = await fetch(`${inbound.url}/api/events`, { headers: { ...bearer, ...headers } })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    response,
    async until(wanted: string): Promise<string> {
      while (!text.includes(wanted)) {
        const chunk = await reader?.read()
        if (chunk === undefined || chunk.done) throw new Error(`the stream ended: ${text}`)
        text += chunk.value
      }
      const end = text.indexOf(wanted) + wanted.length
      const read = text.slice(0, end)
      text = text.slice(end)
      return read
    },
    async end() {
      while (!(await reader?.read())?.done);
    }
  }
}

const idIn = (text: string) => /^id: (.+)$/m.exec(text)?.[1] ?? ''

test('events come as they happen, and behind the last one that was seen', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const first = await listen(inbound)
  expect(first.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const start = idIn(await first.until('\n\n'))
  inbound.feed.publish('silence', { id: 'i1', ends_at: 'then' })
  const seen = await first.until('"ends_at":"then"}\n\n')
  expect(seen).toContain('event: silence\ndata: {"id":"i1",')
  inbound.feed.publish('silence', { id: 'd1', ends_at: 'then' })
  const again = await listen(inbound, { 'last-event-id': idIn(seen) })
  const missed = await again.until('"d1"')
  expect(missed).not.toContain('i1')
  const fromStart = await listen(inbound, { 'last-event-id': start })
  expect(await fromStart.until('"d1"')).toContain('"i1"')
})

test.for(['another-run.5', 'none', ''])(
  'behind "%s", which is not known, all is to be loaded again',
  async (id, { onTestFinished }) => {
    const inbound = await startInbound(onTestFinished)
    const stream = await listen(inbound, { 'last-event-id': id })
    expect(await stream.until('data: {}')).toContain('event: reset')
  }
)

test('a stream outlives silence, by a comment every 10 s', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const stream = await listen(inbound)
  await stream.until('\n\n')
  await inbound.clock.advance(10 * secondMs)
  await stream.until(': still here\n\n')
  await inbound.clock.advance(10 * secondMs)
  await stream.until(': still here\n\n')
})

test('a standby, which sees no changes, has its listeners look again', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished, {}, null, {}, {}, { isActive: false })
  const stream = await listen(inbound)
  await stream.until('\n\n')
  await inbound.clock.advance(10 * secondMs)
  await stream.until('event: reset')
})

test('a stream ends with the port, and with the session of who listens', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const password = JSON.stringify({ name: 'ann', password: secrets.apiToken })
  const signedIn = await inbound.post('/api/session', password, { 'content-type': 'application/json' })
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const ofSession = await listen(inbound, { authorization: '', cookie })
  const ofToken = await listen(inbound)
  await inbound.clock.advance(12 * 3_600 * secondMs)
  await ofSession.end()
  await ofToken.until(': still here')
  const closed = inbound.close()
  await ofToken.end()
  await closed
})

test('the newest events are kept, and what came before them is not made up', () => {
  const feed = createFeed({ most: 2 })
  const start = feed.lastId()
  expect(feed.behind(start)).toEqual([])
  const ids = ['1', '2', '3'].map(id => {
    feed.publish('silence', { id, ends_at: 'then' })
    return feed.lastId()
  })
  expect(feed.behind(start)).toBeUndefined()
  expect(feed.behind(ids[0] ?? '')).toMatchObject([{ data: { id: '2' } }, { data: { id: '3' } }])
  expect(feed.behind(ids[2] ?? '')).toEqual([])
  expect(createFeed().behind(ids[2] ?? '')).toBeUndefined()
  expect(feed.behind(`${ids[2]}9`)).toBeUndefined()
})
