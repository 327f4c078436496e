import { expect, test } from 'vitest'
import { type Loaded, loadConfig } from '../../../../src/config/load.ts'
import { createReloadableConfig } from '../../../../src/run/assembly/reload.ts'
import { createRecordedLog } from '../../../support/recorded-log.ts'

/** The configuration of a running instance, whose file is edited and reloaded. */
function running(source: string) {
  let content = source
  const options = { path: 'cartwatch.yaml', env: {}, readFile: () => content }
  const first = loadConfig(options)
  if (!first.ok) throw new Error('the first configuration is wrong')
  const { current, reload } = createReloadableConfig(first, options)
  const log = Object.assign(createRecordedLog(), { level: 'info' })
  const given: Loaded[] = []
  return {
    first,
    current,
    log,
    given,
    edit(edited: string) {
      content = edited
      reload({ reload: loaded => given.push(loaded) }, log)
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
