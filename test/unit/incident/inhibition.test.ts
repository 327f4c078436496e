import { describe, expect, test } from 'vitest'
import { inhibitorsFirst, inhibits } from '../../../src/incident/inhibition.ts'
import { anomalyAt, incidentOf } from '../../support/alerts.ts'
import { play } from '../../support/timeline.ts'

const at = (kind: string, minute: number, more: Parameters<typeof anomalyAt>[1] = {}) =>
  incidentOf({ id: `${kind} ${minute} ${more.segment}`, lastAnomaly: anomalyAt(minute, { kind, ...more }) })

describe('what explains what', () => {
  test.each([
    ['a gap in the data explains a fall', at('data_loss', 1), at('revenue_drop', 1), true],
    ['a stall explains a fall of traffic', at('pipeline_stalled', 1), at('traffic_drop', 2), true],
    ['a gap in the data explains no fault of the data', at('data_loss', 1), at('schema_drift', 1), false],
    ['nothing explains what began before it', at('data_loss', 2), at('revenue_drop', 1), false],
    [
      'the whole explains its segments',
      at('revenue_drop', 1),
      at('revenue_drop', 1, { segment: 'country=DE' }),
      true
    ],
    [
      'a segment does not explain the whole',
      at('revenue_drop', 1, { segment: 'country=DE' }),
      at('revenue_drop', 1),
      false
    ],
    [
      'the whole of one kind explains no segment of another',
      at('traffic_spike', 1),
      at('revenue_drop', 1, { segment: 'country=DE' }),
      false
    ],
    [
      'a fall of traffic explains one of revenue that is hardly deeper',
      at('traffic_drop', 1, { value: 40, expected: 100 }),
      at('revenue_drop', 1, { value: 25, expected: 100 }),
      true
    ],
    [
      'a fall of traffic does not explain one of revenue that is deeper',
      at('traffic_drop', 1, { value: 40, expected: 100 }),
      at('revenue_drop', 1, { value: 24, expected: 100 }),
      false
    ],
    [
      'a fall of revenue does not explain one of traffic',
      at('revenue_drop', 1),
      at('traffic_drop', 1),
      false
    ],
    ['nothing explains itself', at('data_loss', 1), at('data_loss', 1), false]
  ])('%s', (_, cause, effect, expected) => {
    expect(inhibits(cause, effect)).toBe(expected)
  })

  test('a fall of revenue that is explained may waver', () => {
    const cause = at('traffic_drop', 1, { value: 40, expected: 100 })
    const effect = at('revenue_drop', 1, { value: 12, expected: 100 })
    expect(inhibits(cause, effect)).toBe(false)
    expect(
      inhibits(cause, {
        ...effect,
        suppressedReasons: { slack: { type: 'inhibited_by', kind: 'traffic_drop' } }
      })
    ).toBe(true)
  })

  test('what is over explains nothing', () => {
    expect(inhibits({ ...at('data_loss', 1), status: 'resolved' }, at('revenue_drop', 1))).toBe(false)
  })

  test('causes come before what they explain', () => {
    const segment = { segment: 'country=DE' }
    const inOrder = [
      at('data_loss', 1),
      at('traffic_drop', 1),
      at('revenue_drop', 1),
      at('traffic_drop', 1, segment),
      at('revenue_drop', 1, segment)
    ]
    expect(inOrder.toReversed().toSorted(inhibitorsFirst)).toEqual(inOrder)
  })
})

describe('an incident that another explains', () => {
  const muted = ['slack muted explained_by:traffic_drop', 'pagerduty muted explained_by:traffic_drop']
  const traffic = ['slack trigger high opened', 'pagerduty trigger high opened']

  test('is told to nobody who heard of that one, and once that is over', async () => {
    expect(await play('h/h h/. h/. h/. h/. | h/. h/.')).toEqual([
      'pagerduty resolve high recovered',
      'slack resolve high recovered',
      'pagerduty trigger high no_longer_explained',
      'slack trigger high no_longer_explained'
    ])
  })

  test('is named in the message of the one that explains it', async () => {
    expect(await play('h/h')).toEqual([...muted, ...traffic])
  })
})
