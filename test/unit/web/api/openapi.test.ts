import { createServer as createHttpServer } from 'node:http'
import { expect, test } from 'vitest'
import { createShop } from '../../../../src/web/answers/shop.ts'
import { routes } from '../../../../src/web/api/routes.ts'
import { createGuard } from '../../../../src/web/inbound/guard.ts'
import { addInbound } from '../../../../src/web/inbound/inbound.ts'
import { createServer } from '../../../../src/web/server.ts'
import { closedInbound, configOf, secrets, startInbound } from '../../../support/inbound.ts'

test('describes every route of the API, and no others', async ({ onTestFinished }) => {
  const inbound = closedInbound()
  const app = createServer({ server: createHttpServer(), trustedProxies: null, known: '' })
  onTestFinished(() => app.close())
  const served = new Set<string>()
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat())
      if (url.startsWith('/api/') && one !== 'HEAD') served.add(`${one} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
  })
  await app.register(async inner => {
    const { log, auditLog } = inbound
    const guard = await createGuard(inner, { allow: {}, ratePerMinute: 1, log, auditLog, now: () => 0 })
    const tokens = { apiToken: ['planted-api-token'], intakeToken: ['planted-intake-token'] }
    const withIntake = { ...inbound, secrets: () => ({ ...inbound.secrets(), ...tokens }) }
    await addInbound(
      inner,
      { ...withIntake, ...guard, shop: createShop(inbound.shop) },
      { ...configOf().http, apiToken: ['planted-api-token'] }
    )
  })
  await app.ready()
  expect([...served].sort()).toEqual(
    Object.values(routes)
      .map(({ method, path }) => `${method} ${path}`)
      .sort()
  )
})

test('is served with the shapes of questions and answers', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const answer = await inbound.get('/api/openapi.json', { authorization: `Bearer ${secrets.apiToken}` })
  const description = JSON.parse(answer.text)
  expect(description).toMatchObject({ openapi: '3.1.0', info: { title: 'cartwatch' } })
  const { parameters, responses, security } = description.paths['/api/incidents'].get
  expect(parameters.map(({ name }: { name: string }) => name)).toContain('since')
  expect(security).toEqual([{ token: [] }, { session: [] }])
  const { schema } = responses['200'].content['application/json']
  expect(schema.properties.incidents.items.properties.severity.enum).toEqual([
    'low',
    'medium',
    'high',
    'critical'
  ])
  expect(description.components.schemas.event_delivery.required).toContain('outcome')
  expect(JSON.stringify(description)).not.toContain('"unrepresentable"')
})
