// The process that holds the engine of one folder: `node child.ts FOLDER MAX_BYTES`. It writes one line of JSON to its standard
// output, an endpoint or why there is none, and ends when its standard input closes: with its parent, however that ends.
import { randomBytes } from 'node:crypto'
import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { messageOf } from '../../telemetry/message.ts'
import { removeEndpoint, writeEndpoint } from './endpoint.ts'
import { createEngine } from './engine.ts'
import { createHttpServer } from './server.ts'
import { createSizeLimit } from './size-limit.ts'

/** How long the statements under way may take when the parent is gone. */
const drainMs = 5_000

const folder = process.argv[2] ?? ''
const maxBytes = Number(process.argv[3] ?? Number.POSITIVE_INFINITY)
/** What the engine keeps. */
const data = join(folder, 'engine')

const fail = (code: string, message: string): never => {
  process.stdout.write(`${JSON.stringify({ error: code, message })}\n`)
  process.exit(3)
}

// Whatever goes wrong before it serves is said, and not as a stack.
process.on('uncaughtException', error => fail('FAILED', messageOf(error)))

const exitNow = () => process.kill(process.pid, 'SIGKILL')

// The parent decides when the engine ends: Ctrl-C and a service manager signal the whole group.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

const { Session } = await import('chdb').catch((error: unknown) => fail('EMBEDDED_MISSING', messageOf(error)))

const make = () => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // The folder itself may have been there before, and be open to others.
    mkdirSync(data, { recursive: true, mode: 0o700 })
    if (statSync(data).uid === process.getuid?.()) chmodSync(data, 0o700)
    accessSync(folder, constants.W_OK)
  } catch (error) {
    fail('FOLDER_UNUSABLE', messageOf(error))
  }
}

const open = () => {
  try {
    return new Session(data)
  } catch (error) {
    return fail('ENGINE', messageOf(error))
  }
}

make()
const session = open()
const credentials = { user: 'cartwatch', password: randomBytes(24).toString('base64url') }
const mayInsert = createSizeLimit(session, maxBytes, () => performance.now())
const engine = createEngine(session, exitNow, mayInsert)
const server = createHttpServer(engine, credentials)

async function end(): Promise<void> {
  setTimeout(exitNow, drainMs).unref()
  removeEndpoint(folder, credentials.password)
  server.close()
  server.closeIdleConnections()
  await engine.idle()
  session.close()
  process.exit(0)
}

for (const closed of ['end', 'error']) process.stdin.on(closed, () => void end())
process.stdin.resume()

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const endpoint = { url: `http://127.0.0.1:${port}`, ...credentials }
  writeEndpoint(folder, endpoint)
  process.stdout.write(`${JSON.stringify(endpoint)}\n`)
})
