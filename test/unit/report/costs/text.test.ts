import { expect, test } from 'vitest'
import { readCosts } from '../../../../src/report/costs/summary.ts'
import { costText, idleText } from '../../../../src/report/costs/text.ts'
import { createSchedule } from '../../../../src/report/schedule.ts'
import { dayMs, hourMs } from '../../../../src/time/units.ts'
import { costSettings, gpuHours, gpuOf, recommendationOf } from '../../../support/gpu-windows.ts'
import { createMemoryStore } from '../../../support/memory-store.ts'

const midnight = Date.UTC(2026, 10, 30)
const nowMs = midnight + 10 * hourMs
const words = { currency: 'USD', timezone: 'UTC' }
const { idle: rule } = costSettings

const listed = (...savings: number[]) =>
  savings.map((monthlySavings, at) =>
    recommendationOf({ id: `r${at}`, resource: `gpu-${at}`, monthlySavings, since: midnight - 12 * dayMs })
  )

test('what is idle is told with its savings, the top three, and how many more', () => {
  const open = listed(3_000, 2_500.5, 900, 400, 99.5)
  const more = { rule, isNew: () => true, nowMs }
  expect(idleText('gpu-cost', open, more, words)).toEqual({
    title: 'Idle GPUs of gpu-cost: $6,900.00 a month could be saved',
    facts: [
      { label: 'Potential savings', text: '$6,900.00 a month' },
      { label: 'Issues', text: '5' },
      { label: 'Idle is', text: 'below 5 % over 7 days' }
    ],
    sections: [
      ...[
        ['1. gpu-0', '$3,000.00'],
        ['2. gpu-1', '$2,500.50'],
        ['3. gpu-2', '$900.00']
      ].map(([heading, savings]) => ({
        heading,
        lines: ['GPU: H100', 'Provider: aws', 'Idle: 12 days', `Savings: ${savings} a month`]
      })),
      {
        heading: 'And 2 more',
        lines: ['Savings: $499.50 a month', 'The table realtime.recommendations lists them all.']
      }
    ]
  })
})

test('what is new since it was told is counted, and what is not known is said', () => {
  const unknown = recommendationOf({ id: 'b', gpu: null, provider: null, since: midnight - dayMs })
  const isNew = ({ id }: { readonly id: string }) => id === 'b'
  const text = idleText('gpu-cost', [...listed(120), unknown], { rule, isNew, nowMs }, words)
  expect(text.facts?.[1]).toEqual({ label: 'Issues', text: '2 (1 new or more severe)' })
  expect(text.sections[1]?.lines.slice(0, 3)).toEqual(['GPU: unknown', 'Provider: unknown', 'Idle: 1 day'])
})

/** 30 days of a fleet, and what the summary of the last of them says. */
async function summaryOf(days: number, { hours = 24, high = 1 } = {}) {
  const store = createMemoryStore()
  const fleet = [
    gpuOf('a', { hourlyCost: 3 }),
    gpuOf('b', { model: 'whisper', hourlyCost: 1 }),
    gpuOf('c', { hourlyCost: 4.5 })
  ]
  store.put(gpuHours(midnight - days * dayMs, midnight - (24 - hours) * hourMs, fleet))
  const schedule = createSchedule({ timezone: 'UTC', hour: 9 })
  const figures = await readCosts(store, 'gpu-cost', costSettings, schedule, midnight / dayMs - 1)
  return costText('gpu-cost', { ...figures, savings: { monthly: 2_712.25, high } }, words)
}

test('a cost summary has yesterday, a week and a month, what could be saved, and the top models', async () => {
  expect(await summaryOf(40)).toEqual({
    title: 'Cost summary of gpu-cost: Sunday, 29 November 2026',
    facts: [
      { label: 'Sunday', text: '$204.00' },
      { label: 'Last 7 days', text: '$1,428.00' },
      { label: 'Last 30 days', text: '$6,120.00' },
      { label: 'Potential savings', text: '$2,712.25 a month' },
      { label: 'High-severity recommendations', text: '1' }
    ],
    sections: [
      {
        heading: 'Top models on Sunday',
        lines: ['llama-70b: $180.00 (88.2 %)', 'whisper: $24.00 (11.8 %)']
      }
    ]
  })
})

test('a cost summary says what is missing of its days', async () => {
  const { facts, sections } = await summaryOf(3, { hours: 20 })
  expect(facts?.slice(0, 3)).toEqual([
    { label: 'Sunday', text: '$170.00' },
    { label: 'Last 7 days (3 stored)', text: '$578.00' },
    { label: 'Last 30 days (3 stored)', text: '$578.00' }
  ])
  expect(sections[0]).toEqual({
    heading: 'Incomplete',
    lines: ['Only 20 of 24 hours are stored: the figures are too low.']
  })
})

test('where nobody asks for idle GPUs, a summary says nothing of savings', async () => {
  const schedule = createSchedule({ timezone: 'UTC', hour: 9 })
  const figures = await readCosts(createMemoryStore(), 'gpu-cost', costSettings, schedule, 20_000)
  expect(costText('gpu-cost', { ...figures, savings: null }, words).facts?.map(({ label }) => label)).toEqual(
    ['Friday', 'Last 7 days (0 stored)', 'Last 30 days (0 stored)']
  )
})
