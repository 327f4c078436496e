import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { incidentOfLine, notificationOfLine } from '../../../src/store/reading.ts'
import { rowOfIncident, rowOfNotification } from '../../../src/store/rows.ts'

/** The column `state` of incidents and notifications, as version 0.1.0 wrote it. */
const states = readFileSync(new URL('../../support/rows/version-0.1.0.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
const isIncident = (state: string) => 'openings' in JSON.parse(state)
const lineOf = (state: string) => JSON.stringify([state])

describe('what the version before wrote', () => {
  test.each(states.filter(isIncident))('an incident is read and written to the byte: %s', state => {
    expect(rowOfIncident(incidentOfLine(lineOf(state))).at(-1)).toBe(state)
  })

  test.each(states.filter(state => !isIncident(state)))(
    'a notification is read and written to the byte: %s',
    state => {
      expect(rowOfNotification(notificationOfLine(lineOf(state))).at(-1)).toBe(state)
    }
  )

  test('is read under the names of this version', () => {
    const incidents = states.filter(isIncident).map(state => incidentOfLine(lineOf(state)))
    expect(incidents.flatMap(({ lastNotified }) => Object.keys(lastNotified))).toEqual(['slack'])
    expect(incidents.flatMap(({ suppressedReasons }) => Object.values(suppressedReasons))).toEqual([
      'explained_by:traffic_drop',
      'explained_by:traffic_drop'
    ])
    const notifications = states
      .filter(state => !isIncident(state))
      .map(state => notificationOfLine(lineOf(state)))
    expect(notifications.flatMap(({ inhibits }) => inhibits)).toEqual(['revenue_drop high'])
  })
})
