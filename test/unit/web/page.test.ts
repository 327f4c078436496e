import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { fastify } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addPage, pagePolicy, viewPaths } from '../../../src/web/page.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cartwatch-page-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function served(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const app = fastify()
  app.register(async inner => addPage(inner, pathToFileURL(`${folder}/`)))
  return app
}

const files = { 'index.html': '<!doctype html>', 'main-ABC.js': 'let a = 1', 'page-DEF.css': 'a {}' }

test('every view has the same document, which is asked for anew each time', async () => {
  const app = await served(files)
  for (const path of viewPaths) {
    const answer = await app.inject(path.replace(':id', 'a9749c'))
    expect(answer.body).toBe('<!doctype html>')
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache'
    })
  }
})

test('a file whose name changes with it is kept for good', async () => {
  const app = await served(files)
  const answer = await app.inject('/page/main-ABC.js')
  expect(answer.body).toBe('let a = 1')
  expect(answer.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable'
  })
})

test('what is compressed is the same', async () => {
  const app = await served(files)
  const answer = await app.inject({ url: '/page/page-DEF.css', headers: { 'accept-encoding': 'br, gzip' } })
  expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
  expect(gunzipSync(answer.rawPayload).toString()).toBe('a {}')
})

test('nothing but what this port serves may run, be loaded, or frame it', async () => {
  const app = await served(files)
  for (const path of ['/', '/page/main-ABC.js', '/page/none.js']) {
    const { headers } = await app.inject(path)
    expect(headers['content-security-policy']).toBe(pagePolicy)
    expect(headers['x-content-type-options']).toBe('nosniff')
  }
  expect(pagePolicy).toContain("default-src 'none'")
  expect(pagePolicy).toContain("frame-ancestors 'none'")
  expect(pagePolicy).not.toMatch(/unsafe|data:|https?:/)
})

test.each(['/page/none.js', '/page/index.html', '/page/..%2f..%2fpackage.json', '/page/%2e%2e/package.json'])(
  'there is no %s',
  async path => {
    const app = await served(files)
    expect((await app.inject(path)).statusCode).toBe(404)
  }
)

test('a page that is not built says how it is, and is there once it is', async () => {
  const app = await served({})
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(404)
  expect(answer.json()).toMatchObject({ message: expect.stringContaining('npm run build:page') })
  await writeFile(join(folder, 'index.html'), 'built')
  expect((await app.inject('/')).body).toBe('built')
})
