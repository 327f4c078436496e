import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { headerOf } from './inbound/context.ts'
import { shareRunning } from './share-running.ts'

/** Where scripts/build-page.js puts the page. */
const built = new URL('../../web/dist/', import.meta.url)

/** What the page's own addresses look like: each shows the same document, and its script the view. */
export const viewPaths = [
  '/',
  '/incidents',
  '/incidents/:id',
  '/explore',
  '/silences',
  '/receivers',
  '/tune',
  '/routes'
] as const

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml'
}

/** Only what this port serves runs or is loaded; no style or script stands within a document; nobody frames it. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'"
].join('; ')

interface PageFile {
  readonly type: string
  readonly bytes: Buffer
  readonly compressed: Buffer
}

const compress = promisify(gzip)

/** The page: its document under every address of a view, and its files under names that change with what is in them. */
export function addPage(app: FastifyInstance, folder: URL = built): void {
  const files = keptOnceRead(folder)

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': pagePolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin'
    })
  })

  const document = async (request: FastifyRequest, reply: FastifyReply) => {
    const index = (await files()).get('index.html')
    if (index !== undefined) return send(request, reply.header('cache-control', 'no-cache'), index)
    const message = 'The page is not built. In a clone: npm ci, or npm run build:page.'
    return reply.code(404).send({ error: 'not_found', message })
  }
  for (const path of viewPaths) app.get(path, document)

  app.get<{ Params: { name: string } }>('/page/:name', async (request, reply) => {
    const { name } = request.params
    const file = name === 'index.html' ? undefined : (await files()).get(name)
    if (file === undefined) return reply.code(404).send({ error: 'not_found' })
    return send(request, reply.header('cache-control', 'public, max-age=31536000, immutable'), file)
  })
}

function send(request: FastifyRequest, reply: FastifyReply, { type, bytes, compressed }: PageFile) {
  reply.type(type).header('vary', 'accept-encoding')
  const isGzip = /\bgzip\b/.test(headerOf(request, 'accept-encoding') ?? '')
  return isGzip ? reply.header('content-encoding', 'gzip').send(compressed) : reply.send(bytes)
}

/** They are read when somebody asks: a start waits for no page. A page that is not built is looked for again. */
function keptOnceRead(folder: URL): () => Promise<ReadonlyMap<string, PageFile>> {
  let kept: ReadonlyMap<string, PageFile> | undefined
  const read = shareRunning(() => filesIn(folder))
  return async function files() {
    if (kept !== undefined) return kept
    const found = await read()
    if (found.size > 0) kept = found
    return found
  }
}

async function filesIn(folder: URL): Promise<ReadonlyMap<string, PageFile>> {
  const names = await readdir(folder).catch(() => [])
  const files = names.map(async name => {
    const bytes = await readFile(new URL(name, folder))
    const type = types[extname(name)] ?? 'application/octet-stream'
    return [name, { type, bytes, compressed: await compress(bytes, { level: 9 }) }] as const
  })
  return new Map(await Promise.all(files))
}
