import { describe, expect, test } from 'vitest'
import { findIncident as incidentById } from '../../../src/cli/incident-of.ts'
import { incidentsText } from '../../../src/cli/incidents.ts'
import { incidentOf } from '../../support/alerts.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const open = incidentOf({ id: '3f2a91c4-0000-5000-8000-000000000001', anomalies: 1_204, loss: 12_450.125 })
const taken = incidentOf({
  id: '3f2a91d5-0000-5000-8000-000000000002',
  kind: 'conversion_drop',
  segment: 'country=DE',
  acknowledged: { by: 'Ann', via: 'slack', at: 0, severity: 'high' },
  flapping: true
})
const rowsOf = (text: string) =>
  text
    .split('\n')
    .slice(3, -2)
    .map(row =>
      row
        .slice(1, -1)
        .split('│')
        .map(cell => cell.trim())
        .join(' | ')
    )

describe('the table of incidents', () => {
  test('shows how each stands, since when, what it cost and who took it on', () => {
    expect(
      rowsOf(incidentsText([open, taken, { ...taken, status: 'resolved', segment: 'all' }], 160))
    ).toEqual([
      '3f2a91c4 | open | high | 2026-11-21 10:01:00 | 1,204 | 12,450.13 | revenue_drop',
      '3f2a91d5 | acknowledged | high | 2026-11-21 10:01:00 | 1 |  | conversion_drop of country=DE; flapping; acknowledged by Ann (slack)',
      '3f2a91d5 | resolved | high | 2026-11-21 10:01:00 | 1 |  | conversion_drop; flapping; acknowledged by Ann (slack)'
    ])
  })

  test.each([80, 100, 160])('fits a terminal of %i columns, whatever a segment is called', width => {
    const text = incidentsText([open, { ...taken, segment: `category=${'x'.repeat(300)}` }], width)
    const lines = text.trimEnd().split('\n')
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
  })

  test('shows what somebody said that it was', () => {
    const label = { verdict: 'false', reason: 'a test', by: 'Bob', via: 'cli', at: 0 } as const
    const [shown, other] = rowsOf(incidentsText([open, taken], 200, new Map([[open.id, label]])))
    expect(shown).toMatch(/revenue_drop; marked as a false alarm by Bob \(cli\)$/)
    expect(other).not.toContain('marked')
  })

  test('shows what a terminal would obey as its escape', () => {
    const text = incidentsText([{ ...taken, segment: 'category=\u001b[2J\nx' }], 160)
    expect(text).toContain(String.raw`category=\u001b[2J\u000ax`)
    expect(text).not.toContain('\u001b')
  })

  test('says so where there are none', () => {
    expect(incidentsText([], 80)).toBe('No incidents.\n')
  })
})

describe("an incident's id", () => {
  async function found(text: string) {
    const store = createMemoryStore()
    await store.insertIncidents([open, taken])
    return (await incidentById(store, text)).id
  }

  test('may be cut, in any case, as long as it is one alone', async () => {
    expect(await found('3F2A91C')).toBe(open.id)
    expect(await found(taken.id)).toBe(taken.id)
  })

  test.each([
    ['3f2a91', `Several incidents begin with 3f2a91: ${open.id}, ${taken.id}`],
    ['3f2a9', `"3f2a9" is not an incident id: give the whole id or at least its first 6 characters`],
    ['%%%%%%%', `"%%%%%%%" is not an incident id: give the whole id or at least its first 6 characters`],
    ['ffffffff', 'There is no incident ffffffff (cartwatch incidents lists them)']
  ])('%j is refused with a reason', async (text, reason) => {
    await expect(found(text)).rejects.toThrow(reason)
  })
})
