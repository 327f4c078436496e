import { describe, expect, test } from 'vitest'
import { inhibitorsFirst, inhibits } from '../../../src/incident/inhibition.ts'
import { anomalyAt, incidentOf } from '../../support/alerts.ts'
import { play } from '../../support/timeline.ts'

const at = (kind: string, minute: number, more: Parameters<typeof anomalyAt>[1] = {}) =>
  incidentOf({ id: `${kind} ${minute} ${more.segment}`, lastAnomaly: anomalyAt(minute, { kind, ...more }) })

describe('what inhibits what', () => {
  test.each([
    ['missing data inhibits a drop', at('data_loss', 1), at('revenue_drop', 1), true],
    ['a stall inhibits a traffic drop', at('pipeline_stalled', 1), at('traffic_drop', 2), true],
    ['missing data does not inhibit faults of the data', at('data_loss', 1), at('schema_drift', 1), false],
    ['nothing inhibits what began before it', at('data_loss', 2), at('revenue_drop', 1), false],
    [
      'the whole shop inhibits its segments',
      at('revenue_drop', 1),
      at('revenue_drop', 1, { segment: 'country=DE' }),
      true
    ],
    [
      'a segment does not inhibit the whole shop',
      at('revenue_drop', 1, { segment: 'country=DE' }),
      at('revenue_drop', 1),
      false
    ],
    [
      'the whole shop in one kind does not inhibit a segment in another',
      at('traffic_spike', 1),
      at('revenue_drop', 1, { segment: 'country=DE' }),
      false
    ],
    [
      'a traffic drop inhibits a revenue drop that is hardly deeper',
      at('traffic_drop', 1, { value: 40, expected: 100 }),
      at('revenue_drop', 1, { value: 25, expected: 100 }),
      true
    ],
    [
      'a traffic drop does not inhibit a revenue drop that is deeper',
      at('traffic_drop', 1, { value: 40, expected: 100 }),
      at('revenue_drop', 1, { value: 24, expected: 100 }),
      false
    ],
    ['a revenue drop does not inhibit a traffic drop', at('revenue_drop', 1), at('traffic_drop', 1), false],
    ['nothing inhibits itself', at('data_loss', 1), at('data_loss', 1), false]
  ])('%s', (_, inhibitor, inhibited, expected) => {
    expect(inhibits(inhibitor, inhibited)).toBe(expected)
  })

  test('a revenue drop that is inhibited may be deeper for a while', () => {
    const inhibitor = at('traffic_drop', 1, { value: 40, expected: 100 })
    const inhibited = at('revenue_drop', 1, { value: 12, expected: 100 })
    expect(inhibits(inhibitor, inhibited)).toBe(false)
    expect(
      inhibits(inhibitor, {
        ...inhibited,
        suppressedReasons: { slack: { type: 'inhibited_by', kind: 'traffic_drop' } }
      })
    ).toBe(true)
  })

  test('an incident that is over inhibits nothing', () => {
    expect(inhibits({ ...at('data_loss', 1), status: 'resolved' }, at('revenue_drop', 1))).toBe(false)
  })

  test('incidents come before those that they inhibit', () => {
    const segment = { segment: 'country=DE' as const }
    const inOrder = [
      at('data_loss', 1),
      at('traffic_drop', 1),
      at('revenue_drop', 1),
      at('traffic_drop', 1, segment),
      at('revenue_drop', 1, segment)
    ]
    expect(inhibitorsFirst(inOrder.toReversed())).toEqual(inOrder)
  })
})

describe('an incident that another inhibits', () => {
  const muted = ['slack muted explained_by:traffic_drop', 'pagerduty muted explained_by:traffic_drop']
  const traffic = ['slack trigger high opened', 'pagerduty trigger high opened']

  test('is not sent to receivers notified of that one, until that one is over', async () => {
    expect(await play('h/h h/. h/. h/. h/. | h/. h/.')).toEqual([
      'pagerduty resolve high recovered',
      'slack resolve high recovered',
      'pagerduty trigger high no_longer_explained',
      'slack trigger high no_longer_explained'
    ])
  })

  test('is named in the message of the one that inhibits it', async () => {
    expect(await play('h/h')).toEqual([...muted, ...traffic])
  })
})
