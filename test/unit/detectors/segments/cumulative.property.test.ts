import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCumulative } from '../../../../detectors/segments/cumulative.ts'

const columns = 3
const capacity = 5
const row = fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9))
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ push: row }) },
  { weight: 1, arbitrary: fc.record({ clear: fc.nat(columns - 1) }) },
  { weight: 2, arbitrary: fc.constant('pop' as const) }
)

test('any range of the rows that are kept sums up as it would one by one', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const cumulative = createCumulative(columns, capacity)
      const rows: number[][] = []
      for (const one of steps) {
        if (one === 'pop') {
          if (cumulative.kept() === 0) continue
          cumulative.pop()
          rows.pop()
        } else if ('push' in one) {
          cumulative.push(Float64Array.from(one.push))
          rows.push([...one.push])
        } else {
          cumulative.clear(one.clear)
          for (const known of rows) known[one.clear] = 0
        }
      }
      expect(cumulative.size()).toBe(rows.length)
      const sums = new Float64Array(columns)
      for (let older = rows.length - cumulative.kept(); older <= rows.length; older += 1) {
        for (let newer = older; newer <= rows.length; newer += 1) {
          const expected = [0, 1, 2].map(column =>
            rows.slice(older, newer).reduce((sum, values) => sum + (values[column] as number), 0)
          )
          cumulative.sums(older, newer, sums, columns)
          expect([...sums]).toEqual(expected)
          expect([0, 1, 2].map(column => cumulative.sum(column, older, newer))).toEqual(expected)
        }
      }
    })
  )
})

test('as many rows as its capacity can be summed, and none that was taken back', () => {
  const cumulative = createCumulative(1, 3)
  for (const value of [1, 2, 3, 4]) cumulative.push(Float64Array.of(value))
  expect(cumulative.kept()).toBe(3)
  cumulative.pop()
  expect([cumulative.size(), cumulative.kept(), cumulative.sum(0, 1, 3)]).toEqual([3, 2, 5])
})
