import { fastify } from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { createPort } from '../../../src/web/port.ts'

const own = { host: '127.0.0.1', port: 0 }

async function listening(...[options, load]: Parameters<typeof createPort>): Promise<string> {
  const port = createPort(options, load)
  onTestFinished(port.close)
  return port.listen()
}

test('a port is open before what answers is loaded, which is loaded once', async () => {
  let loads = 0
  const url = await listening(own, async server => {
    loads += 1
    const app = fastify({ serverFactory: () => server })
    app.get('/', async () => 'here')
    return app
  })
  expect(loads).toBe(0)
  const answers = await Promise.all([fetch(url), fetch(url), fetch(url)])
  expect(await Promise.all(answers.map(answer => answer.text()))).toEqual(['here', 'here', 'here'])
  expect(loads).toBe(1)
})

test('where nothing can be loaded, each request gets a 500 that tells nothing', async () => {
  const url = await listening(own, () => Promise.reject(new Error('password=hunter2')))
  for (const answer of [await fetch(url), await fetch(url)]) {
    expect(answer.status).toBe(500)
    expect(await answer.text()).toBe('{"error":"internal"}')
  }
})

test('a port that nobody asked closes, and so does one that never opened', async () => {
  const load = () => Promise.reject(new Error('not asked for'))
  const [opened, closed] = [createPort(own, load), createPort(own, load)]
  await opened.listen()
  await expect(Promise.all([opened.close(), closed.close()])).resolves.toBeDefined()
})

test('localhost is each of its addresses', async () => {
  const url = await listening({ host: 'localhost', port: 0 }, async server => {
    const app = fastify({ serverFactory: () => server })
    app.get('/', async () => 'here')
    return app
  })
  const { port } = new URL(url)
  expect(await (await fetch(`http://localhost:${port}`)).text()).toBe('here')
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('here')
})
