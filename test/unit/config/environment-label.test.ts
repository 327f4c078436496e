import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { reloadConfig } from '../../../src/config/reload.ts'
import { configuredRoutesOf } from '../../../src/run/assembly/routes.ts'
import { configOf, errorsIn } from '../../support/configs.ts'

const receivers = `
receivers:
  prod: { type: slack, webhook_url: "https://a.example/prod" }
  rest: { type: slack, webhook_url: "https://a.example/rest" }
`
const routes = 'routes: [{ match: { labels: { environment: prod } }, receiver: prod }, { default: rest }]\n'
const subject = { kind: 'data_loss', severity: 'critical', segment: 'all' } as const
const namesOf = (source: string) => configuredRoutesOf(configOf(source)).routingOf().names(subject, 0)

test('the environment is a label that routes can match', () => {
  expect(namesOf(`environment: prod${receivers}${routes}`)).toEqual(['prod'])
  expect(configOf('environment: dev').labels).toEqual({ environment: 'dev' })
})

test('one that labels sets comes before it', () => {
  expect(configOf('environment: staging\nlabels: { environment: prod, team: a }').labels).toEqual({
    environment: 'prod',
    team: 'a'
  })
  expect(namesOf(`environment: staging\nlabels: { environment: prod }${receivers}${routes}`)).toEqual([
    'prod'
  ])
})

test('a route for another environment can never match, and without one there is no such label', () => {
  expect(errorsIn(`environment: dev${receivers}${routes}`)).toEqual([
    'c.yaml:5:10: routes[0]: can never match: the label environment is never prod; it may be dev'
  ])
  expect(errorsIn(`${receivers}${routes}`)[0]).toContain('there is no label environment')
  expect(errorsIn('environment: moon')).toEqual([
    'c.yaml:1:14: environment: is "moon"; expected dev, staging or prod'
  ])
})

test('a reload changes it, also to none', () => {
  const optionsOf = (source: string) => ({ path: 'c.yaml', env: {}, readFile: () => source })
  const old = loadConfig(optionsOf('environment: dev\n'))
  if (!old.ok) throw new Error('refused')
  for (const source of ['environment: prod\n', 'pipeline: shop\n']) {
    const reloaded = reloadConfig(old, optionsOf(source))
    if (reloaded.kind !== 'reloaded') throw new Error(reloaded.kind)
    expect(reloaded.changed).toEqual(['environment', 'labels'])
    expect(reloaded.loaded).toEqual(loadConfig(optionsOf(source)))
  }
})
