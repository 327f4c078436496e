import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { AlertClient } from '../../../client/src/client.ts'
import { format, formatDrift } from '../../../client/src/format.ts'
import { openInbox } from '../../../src/demo/inbox/inbox.ts'
import { wallClock } from '../../../src/telemetry/clock.ts'
import { driftAlert } from '../../support/drift-alert.ts'
import { secrets, startInbound } from '../../support/inbound.ts'
import type { OnTestFinished } from '../../support/program.ts'

const run = promisify(execFile)
const folder = fileURLToPath(new URL('../../../client', import.meta.url))
const { kind: _, ...drift } = driftAlert

/** A receiver that gives one answer after the other, the last one again and again. */
async function answering(
  onTestFinished: OnTestFinished,
  ...answers: readonly (readonly [status: number, body: string, headers?: Record<string, string>])[]
) {
  let asked = 0
  const server = createServer((request, response) => {
    const [status, body, headers = {}] = answers[Math.min(asked++, answers.length - 1)] ?? [500, '']
    request.resume().on('end', () => response.writeHead(status, headers).end(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked: () => asked }
}

describe('the client', () => {
  test('sends each kind to the intake', async ({ onTestFinished }) => {
    const inbound = await startInbound(onTestFinished)
    const client = new AlertClient({ url: `${inbound.url}/`, token: secrets.intakeToken })
    const accepted = { ok: true, status: 'accepted', incident: expect.any(String) }
    expect(await client.sendDrift(drift)).toEqual(accepted)
    const violation = {
      model_id: 'm',
      violation_type: 'fairness',
      description: 'd',
      severity: 'critical'
    } as const
    expect(await client.sendPolicyViolation(violation)).toEqual(accepted)
    const event = { model_id: 'm', event_type: 'jailbreak', description: 'd', severity: 'info' } as const
    expect(await client.sendSafetyEvent(event)).toEqual(accepted)
    const alert = {
      kind: 'alert',
      summary: 'Disk is full',
      service: 'db',
      severity: 'high',
      idempotency_key: 'k'
    } as const
    expect(await client.send(alert)).toEqual(accepted)
    expect(await client.send(alert)).toMatchObject({ ok: true, status: 'duplicate' })
    expect((await inbound.store.unseenServiceAlerts('shop', 0)).map(({ kind }) => kind).sort()).toEqual([
      'alert',
      'drift',
      'policy_violation',
      'safety_event'
    ])
  })

  test('sends to a Slack webhook, which takes each layout', async ({ onTestFinished }) => {
    const inbox = await openInbox({ clock: wallClock, rate: null })
    onTestFinished(inbox.close)
    const client = new AlertClient({ webhookUrl: inbox.slackUrl('models'), channel: '#models' })
    expect(await client.sendDrift({ ...drift, details: { feature: 'price' } })).toEqual({
      ok: true,
      status: 'sent',
      incident: null
    })
    expect(inbox.messages.map(({ accepted }) => accepted)).toEqual([true])
    expect(inbox.messages[0]?.body).toMatchObject({
      channel: '#models',
      username: 'Drift Alert Bot',
      text: 'Drift Alert - WARNING',
      attachments: [{ color: '#ff9800' }]
    })
  })

  test('keeps ten a minute of a kind and model by itself; what is critical passes', async ({
    onTestFinished
  }) => {
    const slack = await answering(onTestFinished, [200, 'ok'])
    const client = new AlertClient({ webhookUrl: slack.url })
    for (let count = 0; count < 10; count++) expect((await client.sendDrift(drift)).ok).toBe(true)
    expect(client.isAllowed('drift ranker-7')).toBe(false)
    expect(client.retryAfter('drift ranker-7')).toBeGreaterThan(50)
    expect(await client.sendDrift(drift)).toEqual({
      ok: false,
      error: 'rate_limited',
      retryAfter: expect.any(Number)
    })
    expect((await client.sendDrift({ ...drift, severity: 'critical' })).ok).toBe(true)
    expect(client.isAllowed('drift other')).toBe(true)
    expect(slack.asked()).toBe(11)
  })

  test('tries again where that may help, and gives the reason where it does not', async ({
    onTestFinished
  }) => {
    const late = await answering(
      onTestFinished,
      [503, '{"error":"unavailable"}'],
      [202, '{"status":"accepted","incident":"i"}']
    )
    const token = secrets.intakeToken
    expect(await new AlertClient({ url: late.url, token }).sendDrift(drift)).toEqual({
      ok: true,
      status: 'accepted',
      incident: 'i'
    })
    expect(late.asked()).toBe(2)
    const wrong = await answering(onTestFinished, [
      400,
      '{"error":"bad_request","message":"model_id is missing"}'
    ])
    expect(await new AlertClient({ url: wrong.url, token }).sendDrift(drift)).toEqual({
      ok: false,
      error: 'model_id is missing',
      status: 400
    })
    expect(wrong.asked()).toBe(1)
    const busy = await answering(onTestFinished, [429, '{"error":"rate_limited"}', { 'retry-after': '55' }])
    expect(await new AlertClient({ url: busy.url, token }).sendDrift(drift)).toEqual({
      ok: false,
      error: 'rate_limited',
      status: 429,
      retryAfter: 55
    })
    const gone = new AlertClient({ url: 'http://127.0.0.1:1', token, retries: 0 })
    expect(await gone.sendDrift(drift)).toMatchObject({
      ok: false,
      error: expect.stringContaining('fetch failed')
    })
  })

  test.each([['example.com'], ['ftp://example.com'], ['']])('throws at once on the address %j', address => {
    expect(() => new AlertClient({ url: address, token: 't' })).toThrow(
      'no URL beginning with https:// or http://'
    )
    expect(() => new AlertClient({ webhookUrl: address })).toThrow(
      'no URL beginning with https:// or http://'
    )
  })

  test('lays alerts out as Slack shows them, with texts that mention nobody', () => {
    expect(formatDrift(drift)).toEqual({
      text: 'Drift Alert - WARNING',
      attachments: [
        {
          color: '#ff9800',
          blocks: [
            { type: 'header', text: { type: 'plain_text', text: 'Drift Alert - WARNING', emoji: false } },
            {
              type: 'section',
              fields: [
                '*Model*\nRanker',
                '*Model ID*\nranker-7',
                '*Metric*\npsi',
                '*Severity*\nWARNING',
                '*Current*\n0.31',
                '*Baseline*\n0.1',
                '*Threshold*\n0.2',
                '*Drift*\n210 %'
              ].map(text => ({ type: 'mrkdwn', text }))
            }
          ]
        }
      ]
    })
    const hostile = format({ kind: 'alert', summary: '<!channel>', service: '<@U1>', severity: 'critical' })
    expect(hostile.text).toBe('CRITICAL: &lt;!channel&gt;')
    expect(JSON.stringify(hostile.attachments)).toContain('*Service*\\n&lt;@U1&gt;')
  })
})

test('the package is packed, installs in an empty project, and works there', async ({ onTestFinished }) => {
  const empty = await mkdtemp(join(tmpdir(), 'cartwatch-client-'))
  onTestFinished(() => rm(empty, { recursive: true, force: true }))
  const source = join(empty, 'source')
  await cp(folder, source, { recursive: true })
  const tsc = fileURLToPath(new URL('../../../node_modules/.bin/tsc', import.meta.url))
  await run(tsc, ['-p', join(source, 'tsconfig.json')])
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', empty], {
    cwd: source
  })
  const [packed] = JSON.parse(stdout)
  expect(
    packed.files.map(({ path }: { path: string }) => path).filter((path: string) => !path.startsWith('dist/'))
  ).toEqual(['package.json'])
  await writeFile(join(empty, 'package.json'), '{"type":"module"}')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(empty, packed.filename)], {
    cwd: empty
  })
  await writeFile(
    join(empty, 'use.mjs'),
    `import { AlertClient, formatDrift } from 'cartwatch-client'
     const { error } = await new AlertClient({ webhookUrl: 'http://127.0.0.1:1', retries: 0 }).sendDrift(${JSON.stringify(drift)})
     console.log(formatDrift(${JSON.stringify(drift)}).text, error !== undefined)`
  )
  expect((await run(process.execPath, ['use.mjs'], { cwd: empty })).stdout).toBe(
    'Drift Alert - WARNING true\n'
  )
  expect(await readFile(join(empty, 'node_modules/cartwatch-client/dist/index.d.ts'), 'utf8')).toContain(
    'AlertClient'
  )
})
