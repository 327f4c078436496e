import { expect, test } from 'vitest'
import { loadConfig } from '../../../../src/config/load.ts'
import { createReloadableConfig } from '../../../../src/run/assembly/reload.ts'
import { watchSecretFiles } from '../../../../src/run/assembly/secret-files.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { createRecordedLog } from '../../../support/recorded-log.ts'

const hook = (end: string) => `https://hooks.slack.com/services/T0/B0/planted-${end}\n`

function watched() {
  const files: Record<string, string | undefined> = {
    'c.yaml': 'pipeline: shop\n',
    '/run/hook': hook('first-first')
  }
  const readFile = (path: string) => {
    const text = files[path]
    if (text === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' })
    return text
  }
  const options = { path: 'c.yaml', env: { SLACK_WEBHOOK_URL_FILE: '/run/hook' }, readFile }
  const loaded = loadConfig(options)
  if (!loaded.ok) throw new Error('refused')
  const log = Object.assign(createRecordedLog(), { level: 'info' as const })
  const configuration = createReloadableConfig(loaded, options)
  const clock = createManualClock(0)
  const events: object[] = []
  const record = (event: object) => void events.push(event)
  const reload = () => configuration.reload({ reload: () => undefined, audit: { record } }, log)
  void watchSecretFiles({ current: configuration.current, readFile, reload, clock, log })
  return { files, log, clock, events, current: configuration.current }
}
const announced = 'files of secrets have changed: reloading'
const refused = 'configuration not reloaded: it has errors, the old one stays in force'

test('a secret file that has changed is reloaded once, and the log names the file and not the secret', async () => {
  const { files, log, clock, events, current } = watched()
  await clock.advance(60_000)
  expect(log.lines).toEqual([])
  files['/run/hook'] = hook('other-other')
  await clock.advance(60_000)
  expect(current().config.receivers.get('slack')).toMatchObject({ webhookUrl: hook('other-other').trim() })
  expect(log.times(announced)).toBe(1)
  expect(log.lines[0]).toEqual({ level: 'info', message: announced, fields: { files: ['/run/hook'] } })
  expect(events).toEqual([
    { action: 'config_reloaded', details: { hash: current().hash, changed: ['receivers'] } },
    { action: 'secrets_changed', details: { files: ['/run/hook'] } }
  ])
  expect(JSON.stringify([log.lines, events])).not.toContain('planted')
})

test('one that goes on changing is waited for', async () => {
  const { files, log, clock } = watched()
  for (let round = 0; round < 5; round += 1) {
    files['/run/hook'] = hook(`round-${round}`)
    await clock.advance(5_000)
  }
  expect(log.times(announced)).toBe(0)
  await clock.advance(10_000)
  expect(log.times(announced)).toBe(1)
})

test.each([
  [
    'half written',
    hook('half').trim(),
    'does not end with a line break, as it did before: it may be half saved'
  ],
  ['empty', '', 'is empty: it is still being saved, or its content is lost'],
  ['gone', undefined, "which can't be read (ENOENT)"]
])('one that is %s is refused once, and the old one stays in force', async (_, text, message) => {
  const { files, log, clock, current } = watched()
  const before = current()
  files['/run/hook'] = text
  await clock.advance(60_000)
  expect(log.times(refused)).toBe(1)
  expect(String(log.lines.find(line => line.message === refused)?.fields['errors'])).toContain(message)
  expect(current()).toBe(before)
  files['/run/hook'] = hook('whole-again')
  await clock.advance(60_000)
  expect(current().config.receivers.get('slack')).toMatchObject({ webhookUrl: hook('whole-again').trim() })
})
