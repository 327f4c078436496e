// What untrusted input costs at most: bodies at the intake's limit of size, and encrypted texts that are none. The CPU of
// the server's thread for one request: no stall of its event loop can be longer, and what else the machine does is left out.
// npm run bench:untrusted [-- --random 2000]
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { loadConfig } from '../src/config/load.ts'
import { encrypted, testKeys } from '../test/support/encryption.ts'
import { secrets, startInbound } from '../test/support/inbound.ts'

const limit = 262_144
const drift = {
  kind: 'drift',
  severity: 'critical',
  model_id: 'm',
  model_name: 'Model',
  metric: 'psi',
  current_value: 1,
  baseline_value: 0.5,
  threshold: 0.2,
  drift_percentage: 100
}
const fill = (piece: string, room = limit - 400) => piece.repeat(Math.floor(room / Buffer.byteLength(piece)))
const list = (one: object) => {
  const text = JSON.stringify(one)
  return `[${Array.from({ length: Math.min(100, Math.floor(limit / (text.length + 2))) }, () => text).join(',')}]`
}
const pairs = (value: string) => Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, value]))

/** Bodies that are as large as they may be, or wrong in as many places. */
const bodies: Readonly<Record<string, string>> = {
  'a list of 100': list(drift),
  'a list of 100, each wrong in every field': list({ kind: 'drift', ...pairs('x'), model_id: '\u0000' }),
  brackets: fill('['),
  'brackets in a field': JSON.stringify({ ...drift, details: { a: 'x' } }).replace(
    '"x"',
    `${fill('[', 120_000)}1${fill(']', 120_000)}`
  ),
  'one long id': JSON.stringify({ ...drift, model_id: fill('a') }),
  'one long id that almost fits': JSON.stringify({ ...drift, model_id: `${fill('a.')}!` }),
  'control characters': JSON.stringify({ ...drift, description: fill('\\u0000', 40_000) }),
  'characters of four bytes': JSON.stringify({
    kind: 'alert',
    severity: 'low',
    service: 's',
    summary: fill('🜲')
  }),
  addresses: JSON.stringify({
    kind: 'alert',
    severity: 'low',
    service: 's',
    summary: fill('<http://a.b|x> ')
  }),
  'details of long texts': JSON.stringify({ ...drift, details: pairs('y'.repeat(4_000)) }),
  'thousands of keys': JSON.stringify(
    Object.fromEntries(Array.from({ length: 16_000 }, (_, at) => [`k${at}`, at]))
  ),
  'a time with a long fraction': JSON.stringify({ ...drift, timestamp: `2026-01-01T00:00:00.${fill('9')}Z` }),
  'bytes that are no UTF-8': fill('\ufffd'),
  numbers: `[${fill('1e9,')}1]`
}

const encryptedTexts: Readonly<Record<string, string>> = {
  'a long text': `enc:v1:k1:${'A'.repeat(100_000)}`,
  colons: `enc:${':'.repeat(100_000)}`,
  'no base64': `enc:v1:k1:${'\u{1f732}'.repeat(30_000)}`,
  'one that was changed': `${encrypted('secret'.repeat(10_000)).slice(0, -4)}AAAA`
}

/** Whether a configuration with this text for a secret is refused. */
function isRefused(text: string): boolean {
  const receiver = `{ type: slack, bot_token: ${JSON.stringify(text)}, channel: C }`
  const source = `receivers: { a: ${receiver} }\nroutes: [{ default: a }]`
  return !loadConfig({
    path: 'a',
    env: { CARTWATCH_ENCRYPTION_KEYS: testKeys },
    readFile: () => source
  }).ok
}

async function serve(): Promise<void> {
  const port = parentPort
  if (port === null) return
  const inbound = await startInbound(() => {})
  // What Node compiles is no cost of a text.
  for (let count = 0; count < 20; count += 1) isRefused('xoxb-token')
  let before = process.threadCpuUsage()
  port.on('message', (message: { readonly encrypted?: string }) => {
    if (message.encrypted !== undefined) {
      port.postMessage({ refused: isRefused(message.encrypted) })
      return
    }
    const { user, system } = process.threadCpuUsage(before)
    port.postMessage({ ms: (user + system) / 1_000 })
    before = process.threadCpuUsage()
  })
  port.postMessage({ url: inbound.url })
}

async function measure(): Promise<void> {
  const { values } = parseArgs({ options: { random: { type: 'string', default: '500' } } })
  const worker = new Worker(new URL(import.meta.url))
  const next = <Answer>() => new Promise<Answer>(resolve => worker.once('message', resolve))
  const { url } = await next<{ url: string }>()
  const spent = async () => {
    worker.postMessage({})
    return (await next<{ ms: number }>()).ms
  }
  const post = async (body: string, path = '/api/alerts') => {
    const headers = { authorization: `Bearer ${secrets.intakeToken}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body })
    const answer = await response.text()
    if (response.status >= 500) throw new Error(`${response.status}: ${body.slice(0, 200)}`)
    for (const secret of Object.values(secrets))
      if (answer.includes(secret)) throw new Error('a secret is shown')
    return response.status
  }
  const show = (what: string, outcome: number | string, ms: number) =>
    console.log(`${what.padEnd(44)} ${String(outcome).padEnd(24)} ${ms.toFixed(1).padStart(7)} ms`)
  await post(list(drift))
  await spent()
  let worst = 0
  for (const [what, body] of Object.entries(bodies)) {
    const status = await post(body)
    const ms = await spent()
    worst = Math.max(worst, ms)
    show(what, status, ms)
  }
  const random = fc.sample(
    fc.oneof(
      fc.json({ maxDepth: 8 }),
      fc.string({ unit: 'binary', maxLength: 5_000 }),
      fc.jsonValue().map(value => JSON.stringify({ ...drift, details: value, labels: value, links: value })),
      fc.jsonValue().map(value => JSON.stringify({ alerts: [value, { labels: value, annotations: value }] }))
    ),
    { numRuns: Number(values.random), seed: 1 }
  )
  const counts = new Map<number, number>()
  let ofRandom = 0
  for (const body of random)
    for (const path of ['/api/alerts', '/api/alerts/alertmanager']) {
      const status = await post(body, path)
      counts.set(status, (counts.get(status) ?? 0) + 1)
      ofRandom = Math.max(ofRandom, await spent())
    }
  worst = Math.max(worst, ofRandom)
  show(
    `${2 * random.length} random bodies`,
    [...counts].map(([code, count]) => `${code}: ${count}`).join(', '),
    ofRandom
  )
  for (const [what, text] of Object.entries(encryptedTexts)) {
    worker.postMessage({ encrypted: text })
    const { refused } = await next<{ refused: boolean }>()
    const ms = await spent()
    worst = Math.max(worst, ms)
    show(`enc: ${what}`, refused ? 'refused' : 'taken', ms)
  }
  console.log(`the most: ${worst.toFixed(1)} ms`)
  await worker.terminate()
}

await (isMainThread ? measure() : serve())
