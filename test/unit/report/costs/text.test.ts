import { expect, test } from 'vitest'
import type { Language } from '../../../../src/language/language.ts'
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
async function summaryOf(days: number, { hours = 24, high = 1, language = 'en' as Language } = {}) {
  const store = createMemoryStore()
  const fleet = [
    gpuOf('a', { hourlyCost: 3 }),
    gpuOf('b', { model: 'whisper', hourlyCost: 1 }),
    gpuOf('c', { hourlyCost: 4.5 })
  ]
  store.put(gpuHours(midnight - days * dayMs, midnight - (24 - hours) * hourMs, fleet))
  const schedule = createSchedule({ timezone: 'UTC', hour: 9 })
  const figures = await readCosts(store, 'gpu-cost', costSettings, schedule, midnight / dayMs - 1)
  return costText('gpu-cost', { ...figures, savings: { monthly: 2_712.25, high } }, { ...words, language })
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
    { label: 'Last 7 days (3 are stored)', text: '$578.00' },
    { label: 'Last 30 days (3 are stored)', text: '$578.00' }
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
    ['Friday', 'Last 7 days (0 are stored)', 'Last 30 days (0 are stored)']
  )
})

test('both are written in French', async () => {
  const more = { rule, isNew: ({ id }: { readonly id: string }) => id === 'r0', nowMs }
  const blanks = (text: unknown) => JSON.parse(JSON.stringify(text).replaceAll(/[\u00a0\u202f]/g, ' '))
  expect(
    blanks(idleText('gpu-cost', listed(3_000, 900, 400, 99.5), more, { ...words, language: 'fr' }))
  ).toEqual({
    title: 'GPU inactifs de gpu-cost : 4 399,50 $ par mois à économiser',
    facts: [
      { label: 'Économies possibles', text: '4 399,50 $ par mois' },
      { label: 'Problèmes', text: '4 (dont 1 nouveau ou plus grave)' },
      { label: 'Est inactif', text: 'moins de 5 % sur 7 jours' }
    ],
    sections: [
      ...[
        ['1. gpu-0', '3 000,00'],
        ['2. gpu-1', '900,00'],
        ['3. gpu-2', '400,00']
      ].map(([heading, savings]) => ({
        heading,
        lines: ['GPU : H100', 'Fournisseur : aws', 'Inactif : 12 jours', `Économies : ${savings} $ par mois`]
      })),
      {
        heading: 'Et 1 de plus',
        lines: ['Économies : 99,50 $ par mois', 'La table realtime.recommendations les liste tous.']
      }
    ]
  })
  expect(blanks(await summaryOf(3, { hours: 20, language: 'fr' }))).toEqual({
    title: 'Coûts de gpu-cost : dimanche 29 novembre 2026',
    facts: [
      { label: 'Dimanche', text: '170,00 $' },
      { label: 'Les 7 derniers jours (3 sont stockés)', text: '578,00 $' },
      { label: 'Les 30 derniers jours (3 sont stockés)', text: '578,00 $' },
      { label: 'Économies possibles', text: '2 712,25 $ par mois' },
      { label: 'Recommandations de gravité élevée', text: '1' }
    ],
    sections: [
      {
        heading: 'Incomplet',
        lines: ['Seulement 20 heures sur 24 sont stockées : les chiffres sont trop bas.']
      },
      {
        heading: 'Modèles les plus coûteux du dimanche',
        lines: ['llama-70b : 150,00 $ (88,2 %)', 'whisper : 20,00 $ (11,8 %)']
      }
    ]
  })
})
