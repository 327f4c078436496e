import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { storeOver } from '../../../support/store-over.ts'

/** The column `state` of incidents and notifications, as version 0.1.0 wrote it. */
const states = readFileSync(new URL('../../../support/rows/version-0.1.0.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
const isIncident = (state: string) => 'openings' in JSON.parse(state)

/** A store that holds one row of that state, and the states that are inserted into it. */
function storeWith(state: string) {
  const inserted: string[] = []
  const store = storeOver(async ({ lines }) => {
    if (lines === undefined) return `${JSON.stringify(['id', state])}\n`
    inserted.push(JSON.parse(lines).at(-1))
    return ''
  })
  return { store, inserted }
}

describe('what the version before wrote', () => {
  test.each(states.filter(isIncident))('an incident is read and written to the byte: %s', async state => {
    const { store, inserted } = storeWith(state)
    await store.insertIncidents(await store.findIncidents({}))
    expect(inserted).toEqual([state])
  })

  test.each(states.filter(state => !isIncident(state)))(
    'a notification is read and written to the byte: %s',
    async state => {
      const { store, inserted } = storeWith(state)
      await store.insertNotifications(await store.findNotifications({}))
      expect(inserted).toEqual([state])
    }
  )

  test('is read under the names of this version', async () => {
    const read = states.map(async state => {
      const { store } = storeWith(state)
      return isIncident(state) ? store.findIncidents({}) : store.findNotifications({})
    })
    const records = (await Promise.all(read)).flat()
    const incidents = records.filter(record => 'lastNotified' in record)
    expect(incidents.flatMap(({ lastNotified }) => Object.keys(lastNotified))).toEqual(['slack'])
    expect(incidents.flatMap(({ suppressedReasons }) => Object.values(suppressedReasons))).toEqual([
      { type: 'inhibited_by', kind: 'traffic_drop' },
      { type: 'inhibited_by', kind: 'traffic_drop' }
    ])
    const notifications = records.filter(record => 'inhibits' in record)
    expect(notifications.flatMap(({ inhibits }) => inhibits)).toEqual(['revenue_drop high'])
    expect(notifications.map(({ reason }) => reason)).toEqual([
      { type: 'opened' },
      { type: 'acknowledged' },
      { type: 'severity_rose' },
      { type: 'page_silenced' },
      { type: 'silence_ended' },
      { type: 'refused_elsewhere', receiver: 'pagerduty' },
      { type: 'opened' },
      { type: 'inhibited_by', kind: 'traffic_drop' }
    ])
  })
})
