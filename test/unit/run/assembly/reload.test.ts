import { describe, expect, test } from 'vitest'
import { type Loaded, loadConfig } from '../../../../src/config/load.ts'
import { createReloadableConfig } from '../../../../src/run/assembly/reload.ts'
import { createRecordedLog } from '../../../support/recorded-log.ts'

/** The configuration of a running instance, whose file is edited and reloaded. */
function running(source: string, env: Readonly<Record<string, string>> = {}) {
  let content: string | undefined = source
  const readFile = () => {
    if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return content
  }
  const options = { env, readFile }
  const first = loadConfig(options)
  if (!first.ok) throw new Error(first.errors.map(({ message }) => message).join())
  const used: boolean[] = []
  const { current, reload } = createReloadableConfig(first, options, isUsed => used.push(isUsed))
  const log = Object.assign(createRecordedLog(), { level: 'info' })
  const given: Loaded[] = []
  const events: object[] = []
  return {
    first,
    current,
    log,
    given,
    events,
    used,
    /** Undefined removes the file. */
    edit(edited: string | undefined) {
      content = edited
      reload({ reload: loaded => given.push(loaded), audit: { record: event => events.push(event) } }, log)
      return log.lines.at(-1)
    }
  }
}

test('an edit that can be reloaded is given to the instance and is current, with its log level', () => {
  const { edit, current, given, log } = running('')
  expect(edit('alerts: off\nlog: { level: debug }\n')).toEqual({
    level: 'info',
    message: 'configuration reloaded',
    fields: { changed: ['alerts', 'log.level'], hash: current().hash }
  })
  expect(given).toEqual([current()])
  expect([current().config.alerts, log.level]).toEqual([false, 'debug'])
})

test('an edit with errors changes nothing and logs them all', () => {
  const { edit, current, first, given } = running('')
  const logged = edit('alerts: perhaps\ndetectors: { revenue_dorp: {} }\n')
  expect(logged).toMatchObject({
    level: 'error',
    message: 'configuration not reloaded: it has errors, the old one stays in force'
  })
  expect(logged?.fields['errors']).toMatch(/alerts[\s\S]*did you mean revenue_drop\?/)
  expect([given, current()]).toEqual([[], first])
})

test('a change that takes a restart is a warning, and the configuration unchanged', () => {
  const { edit, current, first, given, log } = running('')
  expect(edit('windows: { size: 5m }\n')?.message).toBe('configuration unchanged')
  expect(log.lines.at(-2)).toMatchObject({ level: 'warn', message: expect.stringContaining('windows') })
  expect([given, current()]).toEqual([[], first])
})

const refusal = 'configuration not reloaded: it has errors, the old one stays in force'
const slack =
  'receivers:\n  slack: { type: slack, webhook_url: "https://hooks.slack.com/services/T0/B0/xxxxxxxxxxxxxxxx" }\nroutes:\n  - default: slack\n'

test.each<[string, string | undefined, string]>([
  [
    'is missing',
    undefined,
    'cartwatch.yaml: does not exist any more; put it back, or restart to use the defaults'
  ],
  [
    'is empty',
    '',
    'cartwatch.yaml: is empty: it is still being saved, or its content is lost; restart to use the defaults'
  ],
  ['has only comments left', '# shop\n\n  # alerts\n', 'cartwatch.yaml: is empty: it is still being saved'],
  ['ends within a line', 'pipeline: shop\nalerts: of', 'cartwatch.yaml:2:9: alerts: is "of"'],
  [
    'ends within a word',
    'pipeline: shop',
    'cartwatch.yaml: does not end with a line break, as it did before: it may be half saved'
  ],
  [
    'has lost its receivers',
    'pipeline: shop\n',
    'cartwatch.yaml: has no receiver any more (slack until now): nobody would be notified; to send nothing, set alerts: off'
  ]
])('a file that %s is refused, and changes nothing', (_, edited, expected) => {
  const { edit, current, first, given } = running(`pipeline: shop\n${slack}`)
  const logged = edit(edited)
  expect(logged).toMatchObject({ level: 'error', message: refusal })
  expect(logged?.fields['errors']).toContain(expected)
  expect([given, current()]).toEqual([[], first])
})

test('a file that was never there, or was empty, may stay so', () => {
  expect(running('').edit('')?.message).toBe('configuration unchanged')
  expect(running('# nothing yet\n').edit(undefined)?.message).toBe('configuration unchanged')
})

test('receivers of the environment keep a file without any from being refused', () => {
  const env = { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/yyyyyyyyyyyyyyyy' }
  expect(running(`pipeline: shop\n${slack}`, env).edit('pipeline: shop\n')?.message).toBe(
    'configuration reloaded'
  )
})

describe('receivers that a reload changes are logged as at a start', () => {
  const receiversOf = ({ log }: ReturnType<typeof running>) =>
    log.lines.flatMap(({ message, fields }) => (fields['receiver'] === undefined ? [] : message))
  const hook = (name: string, end: string) =>
    `  ${name}: { type: slack, webhook_url: "https://hooks.slack.com/services/T0/B0/xxxxxxxx${end}" }\n`
  const beat = (url: string) => `  beat: { type: heartbeat, url: "${url}" }\n`
  const page = (key: string) => `  page: { type: pagerduty, integration_key: "${key.repeat(32)}" }\n`
  const routes = (...others: readonly string[]) =>
    `routes:\n${others.map(name => `  - { match: { severity: low }, receiver: ${name}, continue: true }\n`).join('')}  - default: shop\n`

  test('one that is new, one with another address and one that is gone, and no other', () => {
    const started = running(
      `receivers:\n${hook('shop', 'aaaaaaaa')}${hook('data', 'bbbbbbbb')}${beat('https://beat.example/one-two-three')}${routes('data')}`
    )
    started.edit(
      `receivers:\n${hook('shop', 'cccccccc')}${beat('https://beat.example/one-two-three')}${page('a')}${routes('page')}`
    )
    expect(receiversOf(started)).toEqual([
      'Slack notifications enabled: shop (***cccccccc)',
      'PagerDuty notifications enabled: page (***)',
      'Receiver removed: data'
    ])
    expect(started.log.lines.at(-1)?.message).toBe('configuration reloaded')
  })

  test('one whose line hides what changed', () => {
    const started = running(`receivers:\n${hook('shop', 'aaaaaaaa')}${page('a')}${routes('page')}`)
    started.edit(`receivers:\n${hook('shop', 'aaaaaaaa')}${page('b')}${routes('page')}`)
    expect(receiversOf(started)).toEqual(['PagerDuty notifications enabled: page (***)'])
  })

  test('all, with the reason, where alerts are switched off and on', () => {
    const started = running(`${slack}`)
    started.edit(`${slack}alerts: off\n`)
    started.edit(`${slack}alerts: on\n`)
    expect(receiversOf(started)).toEqual([
      'Slack notifications disabled: slack (alerts: off)',
      'Slack notifications enabled: slack (***xxxxxxxx)'
    ])
    const notes = started.log.lines.flatMap(({ level, message }) =>
      level === 'warn' && !message.includes('secret') ? message : []
    )
    expect(notes).toEqual(['alerts: off: anomalies are stored and logged, and nobody is notified'])
  })

  test('none where something else changed', () => {
    const started = running(slack)
    started.edit(`${slack}log: { level: debug }\n`)
    expect(receiversOf(started)).toEqual([])
  })
})

test('each reload is told of, whether it was used or not', () => {
  const { edit, used } = running('')
  edit('alerts: off')
  edit('alerts: maybe')
  edit('alerts: off')
  expect(used).toEqual([true, false, true])
})

test('the audit log has what changed and not to what, and files whose secrets wait for a restart once', () => {
  let password = 'planted-1\n'
  let source = 'alerts: on\n'
  const readFile = (path: string) => (path === '/run/password' ? password : source)
  const options = { path: 'c.yaml', env: { CLICKHOUSE_PASSWORD_FILE: '/run/password' }, readFile }
  const first = loadConfig(options)
  if (!first.ok) throw new Error('refused')
  const events: object[] = []
  const instance = { reload: () => {}, audit: { record: (event: object) => void events.push(event) } }
  const log = Object.assign(createRecordedLog(), { level: 'info' })
  const { reload, current } = createReloadableConfig(first, options)
  const edit = () => {
    events.length = 0
    reload(instance, log)
    return [...events]
  }
  expect(edit()).toEqual([])
  source = 'alerts: off\n'
  expect(edit()).toEqual([
    { action: 'config_reloaded', details: { hash: current().hash, changed: ['alerts'] } }
  ])
  password = 'planted-2\n'
  expect(edit()).toEqual([{ action: 'secrets_changed', details: { files: ['/run/password'] } }])
  expect(log.lines.map(({ message }) => message)).toContain(
    'store.password has changed: restart to apply it; the old value stays in use'
  )
  expect(edit()).toEqual([])
  source = 'alerts: perhaps\n'
  expect(edit()).toEqual([])
})

test('secrets of a way in that changed are noted by their keys', () => {
  let token = 'planted-old-token-1\n'
  const readFile = (path: string) => (path === '/run/token' ? token : 'alerts: on\n')
  const options = { path: 'c.yaml', env: { CARTWATCH_API_TOKEN_FILE: '/run/token' }, readFile }
  const first = loadConfig(options)
  if (!first.ok) throw new Error('refused')
  const events: object[] = []
  const instance = { reload: () => {}, audit: { record: (event: object) => void events.push(event) } }
  const { reload, current } = createReloadableConfig(first, options)
  token = `planted-new-token-1\n${token}`
  reload(instance, Object.assign(createRecordedLog(), { level: 'info' }))
  expect(current().config.http.apiToken).toEqual(['planted-new-token-1', 'planted-old-token-1'])
  expect(events).toEqual([
    { action: 'config_reloaded', details: { hash: first.hash, changed: ['http.api_token'] } },
    { action: 'secrets_changed', details: { files: ['/run/token'], keys: ['http.api_token'] } }
  ])
})
