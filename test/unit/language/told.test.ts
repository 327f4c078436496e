import { expect, test, vi } from 'vitest'
import { checkConfigCommand } from '../../../src/cli/check-config.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { checkLoaded } from '../../../src/run/assembly/checks/check.ts'

// A French catalogue without a text.
vi.mock(import('../../../src/language/catalogue.ts'), async original => {
  const real = await original()
  const lacking = (real.readLocale('fr') ?? '').replace(/^ {2}runbook: .*\n/m, '')
  return { ...real, readLocale: language => (language === 'fr' ? lacking : real.readLocale(language)) }
})

const text = 'button.runbook is missing: it is said in English'
const env = { SLACK_WEBHOOK_URL: 'https://hooks.example/services/T0/B0/abcdefgh12345678' }

test('check-config notes a text that a catalogue lacks', async () => {
  const complained: string[] = []
  await checkConfigCommand({
    env,
    readFile: () => 'pipeline: shop\n',
    clock: { now: () => 0 },
    connect: async () => [],
    send: async () => [],
    tenants: () => Promise.reject(new Error('no folder')),
    print: () => {},
    complain: line => void complained.push(line),
    setExitCode: () => {}
  }).parseAsync([], { from: 'user' })
  expect(complained).toContain(`note: locales/fr.yaml:1: ${text}`)
})

test('with a level it is a warning, which strict makes an error', () => {
  const loaded = loadConfig({ path: 'c.yaml', env, readFile: () => 'pipeline: shop\n' })
  if (!loaded.ok) throw new Error('refused')
  const told = (level: 'standard' | 'strict') =>
    checkLoaded(loaded, level, 0).filter(({ rule }) => rule === 'broken-catalogue')
  expect(told('standard')).toMatchObject([
    {
      as: 'warning',
      place: 'locales/fr.yaml:1',
      path: 'button.runbook',
      message: 'is missing: it is said in English'
    }
  ])
  expect(told('strict')).toMatchObject([{ as: 'error' }])
})
