import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { actionTable, readAction } from '../../../src/store/tables/actions.ts'
import { incidentTable, readIncident } from '../../../src/store/tables/incidents.ts'
import { notificationTable, readNotification } from '../../../src/store/tables/notifications.ts'
import type { Memory } from '../../support/alerts.ts'
import { play } from '../../support/timeline.ts'

/** What the version before stored until an upgrade, and what it sent from then on when it was only restarted. */
interface FormerRun {
  readonly script: string
  readonly rows: Readonly<Record<'incidents' | 'notifications' | 'actions', readonly string[]>>
  readonly messages: readonly string[]
}

const runs = JSON.parse(
  readFileSync(new URL('../../support/former-version/timelines.json', import.meta.url), 'utf8')
) as readonly FormerRun[]
const lineOf = (state: string) => JSON.stringify(['id', state])
const states = (table: keyof FormerRun['rows']) => runs.flatMap(({ rows }) => rows[table])

test.each(runs)(
  'an upgrade between two windows notifies nobody twice and nobody less: $script',
  async run => {
    const takeRows = (memory: Memory) => {
      memory.clear()
      memory.putIncidents(run.rows.incidents.map(state => readIncident(lineOf(state))))
      memory.putNotifications(run.rows.notifications.map(state => readNotification(lineOf(state))))
      for (const state of run.rows.actions) memory.putAction(readAction(lineOf(state)))
    }
    expect(await play(run.script, {}, () => {}, takeRows)).toEqual(run.messages)
  }
)

test('an instance of the version before finds all its keys in what this one writes over its rows', () => {
  const written = {
    incidents: states('incidents').map(state => incidentTable.columns.state(readIncident(lineOf(state)))),
    notifications: states('notifications').map(state =>
      notificationTable.columns.state(readNotification(lineOf(state)))
    ),
    actions: states('actions').map(state => actionTable.columns.state(readAction(lineOf(state))))
  }
  for (const table of ['incidents', 'notifications', 'actions'] as const)
    expect(written[table].map(state => JSON.parse(state))).toMatchObject(
      states(table).map(state => JSON.parse(state))
    )
  expect(states('incidents').length).toBeGreaterThan(20)
  expect(states('notifications').length).toBeGreaterThan(40)
  expect(states('actions').length).toBeGreaterThan(5)
})
