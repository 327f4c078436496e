import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { askStatus } from '../../../src/web/ask-status.ts'
import { groupStatus } from '../../support/statuses.ts'

type Finish = (end: () => Promise<void>) => void

/** A port of loopback at which this answers; gives its URL. */
async function serving(answer: RequestListener, onTestFinished: Finish): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('gives the status that an instance answers, of the group or of itself', async ({ onTestFinished }) => {
  const paths: (string | undefined)[] = []
  const url = await serving((request, response) => {
    paths.push(request.url)
    const page = JSON.stringify({ ...groupStatus(), later: 'a key of a later version' })
    response.setHeader('content-length', Buffer.byteLength(page)).end(page)
  }, onTestFinished)
  for (const of of ['group', 'own'] as const)
    expect(await askStatus({ url, of, timeoutMs: 5_000 })).toEqual({
      kind: 'answered',
      status: groupStatus()
    })
  expect(paths).toEqual(['/status', '/status?of=own'])
})

test.for<[string, string, RequestListener]>([
  [
    'a page that is no status',
    'answers a status that this version cannot read: ask an instance of its own version',
    (_, response) => response.setHeader('content-length', 2).end('{}')
  ],
  [
    'a 404',
    'answers 404 without a status: it is another program, or an earlier version',
    (_, response) => response.writeHead(404, { 'content-length': 0 }).end()
  ],
  [
    'a 403',
    'answers 403: http.allow.operations of that instance has to name this address',
    (_, response) => response.writeHead(403, { 'content-length': 0 }).end()
  ],
  [
    'a page without an end',
    'answers 200 without a status: it is another program, or an earlier version',
    (_, response) => response.write('{')
  ],
  [
    'a broken connection',
    'does not answer: other side closed',
    (request: { socket: { destroy(): void } }) => request.socket.destroy()
  ]
])('says what is wrong with %s', async ([, reason, answer], { onTestFinished }) => {
  const url = await serving(answer, onTestFinished)
  expect(await askStatus({ url, of: 'group', timeoutMs: 5_000 })).toEqual({
    kind: 'silent',
    reason: `${url} ${reason}`
  })
})

test('gives up on one that takes the connection and does not answer', async ({ onTestFinished }) => {
  const url = await serving(() => {}, onTestFinished)
  expect(await askStatus({ url, of: 'own', timeoutMs: 50 })).toEqual({
    kind: 'silent',
    reason: `${url} has not answered within 0.05 s`
  })
})

test('says that nothing listens', async ({ onTestFinished }) => {
  let close = async () => {}
  const url = await serving(
    () => {},
    end => {
      close = end
    }
  )
  await close()
  onTestFinished(() => {})
  expect(await askStatus({ url, of: 'own', timeoutMs: 5_000 })).toEqual({
    kind: 'silent',
    reason: `${url} does not answer: nothing listens there`
  })
})
