import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { checkConnections } from '../../../../../src/run/assembly/checks/connections.ts'
import { configOf } from '../../../../support/configs.ts'
import { openMailbox } from '../../../../support/mailbox.ts'

const token = 'xoxb-planted-token-0123456789'
const clock = { now: () => Date.parse('2026-11-25T10:00:00Z') }
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port

async function listening<S extends Server | HttpServer>(server: S): Promise<S> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return server
}

/** Slack and ClickHouse at one address, and what they were asked. */
async function openServices() {
  const asked: string[] = []
  const server = await listening(
    createServer(async (request, response) => {
      await text(request)
      asked.push(`${request.url?.split('?')[0]} ${request.headers.authorization ?? ''}`)
      if (request.url?.startsWith('/api/auth.test')) {
        const isKnown = request.headers.authorization === `Bearer ${token}`
        response.setHeader('content-type', 'application/json')
        response.end(
          JSON.stringify(
            isKnown ? { ok: true, user: 'cartwatch', team: 'Shop' } : { ok: false, error: 'invalid_auth' }
          )
        )
      } else response.end('1\n')
    })
  )
  return { port: portOf(server), asked }
}

async function closedPort(): Promise<number> {
  const server = await listening(createTcpServer())
  const port = portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

const source = (kafka: number, web: number, smtp: number, { bot = token, password = 'correct' } = {}) => `
kafka: { brokers: "127.0.0.1:${kafka}" }
store: { url: "http://127.0.0.1:${web}" }
receivers:
  bot: { type: slack, bot_token: ${bot}, channel: C1, api_url: "http://127.0.0.1:${web}/api" }
  mail: { type: email, host: 127.0.0.1, port: ${smtp}, tls: none, from: a@b.example, to: c@d.example, user: cartwatch, password: ${password} }
  hook: { type: webhook, url: "http://127.0.0.1:${web}/hook" }
  pager: { type: pagerduty, integration_key: ${'k'.repeat(32)}, url: "http://127.0.0.1:${web}/page" }
routes:
  - { match: { severity: low }, receiver: [bot, mail, hook], continue: true }
  - default: pager
`

test('each is asked, has its answer, and no message is sent', async () => {
  const { port, asked } = await openServices()
  const mailbox = await openMailbox()
  onTestFinished(() => mailbox.close())
  const config = configOf(source(await closedPort(), port, mailbox.port))
  const [kafka, ...others] = await checkConnections(config, clock)
  expect(kafka).toMatchObject({ path: 'kafka', isReached: false, answer: expect.stringContaining('Kafka') })
  expect(others).toEqual([
    { path: 'store', isReached: true, answer: 'ClickHouse answers' },
    { path: 'receivers.bot', isReached: true, answer: 'Slack knows cartwatch in Shop' },
    { path: 'receivers.mail', isReached: true, answer: 'the mail server accepts the login' }
  ])
  expect(mailbox.mails).toEqual([])
  expect(asked.filter(one => /hook|page/.test(one))).toEqual([])
})

test('what refuses us says why, without a secret', async () => {
  const { port } = await openServices()
  const mailbox = await openMailbox()
  onTestFinished(() => mailbox.close())
  const wrong = { bot: 'xoxb-planted-other-0123456789', password: 'planted-password' }
  const config = configOf(source(await closedPort(), port, mailbox.port, wrong))
  const said = await checkConnections(config, clock)
  expect(said.slice(2)).toMatchObject([
    { path: 'receivers.bot', isReached: false, answer: expect.stringContaining('auth.test: invalid_auth') },
    { path: 'receivers.mail', isReached: false, answer: expect.stringContaining('535') }
  ])
  expect(JSON.stringify(said)).not.toContain('planted')
})

test('what never answers is given up at the limit', async () => {
  const silent = await listening(createTcpServer(socket => socket.on('error', () => socket.destroy())))
  const port = portOf(silent)
  const said = await checkConnections(configOf(source(port, port, port)), clock, 300)
  expect(said.map(({ path, isReached }) => `${path} ${isReached}`)).toEqual([
    'kafka false',
    'store false',
    'receivers.bot false',
    'receivers.mail false'
  ])
})

test('the embedded engine is not started', async () => {
  const config = configOf(
    `kafka: { brokers: "127.0.0.1:${await closedPort()}" }\nstore: { folder: data/never }\n`
  )
  expect((await checkConnections(config, clock))[1]).toEqual({
    path: 'store',
    isReached: true,
    answer: 'the embedded engine in data/never needs no connection'
  })
})
