import { expect, it } from 'vitest'
import { lifeSheet } from '../../../../../bench/detect/life/sheet.ts'

it('counts the incidents of a scenario a week over all its shops, and names the kinds above low', () => {
  const above = (kind: string) => ({ kind, isAboveLow: true, hour: 3 })
  const sheet = lifeSheet([
    { scenario: 'holiday', weeks: 3, incidents: [above('data_loss'), above('traffic_drop')] },
    { scenario: 'campaign', weeks: 2, incidents: [] },
    {
      scenario: 'holiday',
      weeks: 1,
      incidents: [above('traffic_drop'), { kind: 'metric_drift', isAboveLow: false, hour: 5 }]
    }
  ])
  expect(sheet.rows).toEqual([
    ['holiday', '0.75', '0.25', '`traffic_drop` 2, `data_loss` 1'],
    ['campaign', '0.00', '0.00', '']
  ])
})
