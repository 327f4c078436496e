import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { configNotes } from '../../../src/config/notes.ts'

const hook = { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/xxxxxxxxxxxxxxxx' }

function notesOf(source: string, env: Readonly<Record<string, string>>): readonly string[] {
  const loaded = loadConfig({ env, readFile: () => source })
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join())
  return configNotes(loaded.config)
}

test('nobody is notified without a receiver, and while alerts are off, and that is said', () => {
  const dashboard = 'alerting: { dashboard_url: "https://grafana.example" }\n'
  expect(notesOf(dashboard, hook)).toEqual([])
  expect(notesOf(`${dashboard}alerts: off\n`, hook)).toEqual([expect.stringMatching(/^alerts: off: /)])
  expect(notesOf(dashboard, {})).toEqual([expect.stringMatching(/^there is no receiver: /)])
})

test('messages without buttons are said, with what gives them some', () => {
  expect(notesOf('', hook)).toEqual([expect.stringMatching(/^messages have no buttons: set /)])
  const link = { CARTWATCH_PUBLIC_URL: 'https://c.example', CARTWATCH_LINK_SECRET: 'x'.repeat(32) }
  expect(notesOf('', { ...hook, ...link })).toEqual([])
  expect(notesOf('', {})).toEqual([expect.stringMatching(/^there is no receiver: /)])
})
