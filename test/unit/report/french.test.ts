import { expect, test } from 'vitest'
import { phrase } from '../../../src/language/phrase.ts'
import { spoken } from '../../../src/language/translator.ts'
import { readDaily } from '../../../src/report/daily.ts'
import { createSchedule } from '../../../src/report/schedule.ts'
import { dailyText, digestText, type ReportText } from '../../../src/report/text.ts'
import { dayMs, hourMs } from '../../../src/time/units.ts'
import { anomalyAt, incidentOf } from '../../support/alerts.ts'
import { englishIn } from '../../support/english-left.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { hoursOf } from '../../support/report-windows.ts'

const day = Date.UTC(2026, 10, 29)
const words = { currency: 'EUR', timezone: 'Europe/Paris', language: 'fr' } as const
const said = spoken([phrase('finding.revenue_drop.payment')])
const open = incidentOf({
  severity: 'critical',
  openedAt: day + 12 * hourMs,
  lastAnomalyAt: day + 30 * hourMs,
  loss: 300,
  lastAnomaly: anomalyAt(1, said),
  acknowledged: { by: 'Ann', via: 'slack', at: day + 13 * hourMs, severity: 'critical' }
})

/** With plain blanks: French has no-break ones. */
const plain = ({ title, sections }: ReportText) =>
  [title, ...sections.flatMap(({ heading, lines }) => [`# ${heading}`, ...lines])].map(line =>
    line.replaceAll(/[\u00a0\u202f]/g, ' ')
  )

/** After so many days of which the last sold a tenth more, and of which so much is stored. */
async function dailyIn(days: number, toMs: number) {
  const store = createMemoryStore()
  store.put(hoursOf(day - days * dayMs, toMs, start => (start >= day ? 1.1 : 1)))
  await store.insertIncidents([open])
  const schedule = createSchedule({ timezone: 'UTC', hour: 8 })
  return plain(dailyText('shop', await readDaily(store, 'shop', schedule, day / dayMs), words))
}

test('a daily report is French in all its lines', async () => {
  expect(await dailyIn(40, day + dayMs)).toEqual([
    'Rapport quotidien de shop : dimanche 29 novembre 2026',
    '# Dimanche',
    'Chiffre d’affaires : 5 280,00 € (+10 % par rapport aux dimanches précédents)',
    'Commandes : 264 (+10 % par rapport aux dimanches précédents)',
    'Taux de conversion : 3,3 % (7 derniers jours : 3 %)',
    'Abandon de panier : 70 % (7 derniers jours : 70 %)',
    '# Les 7 derniers jours',
    'Chiffre d’affaires : 34 080,00 € (+1,4 % par rapport aux mêmes jours des semaines précédentes)',
    'Commandes : 1 704 (+1,4 % par rapport aux mêmes jours des semaines précédentes)',
    '# Les 30 derniers jours',
    'Chiffre d’affaires : 144 480,00 € (+0,3 % par rapport aux mêmes jours des semaines précédentes)',
    'Commandes : 7 224 (+0,3 % par rapport aux mêmes jours des semaines précédentes)',
    '# Principales catégories du dimanche',
    'shoes : 3 960,00 € (75 % du chiffre d’affaires)',
    'hats : 1 320,00 € (25 % du chiffre d’affaires)',
    '# Incidents ouverts le dimanche',
    'critique : 1, perte 300,00 €',
    '# Toujours ouverts',
    'critique : Chute du chiffre d’affaires, depuis le 29 nov. 2026, 13:00 Europe/Paris, perte jusqu’ici 300,00 €, pris en charge par Ann'
  ])
})

test('of days that are partly stored, too', async () => {
  const lines = await dailyIn(10, day + 12 * hourMs)
  expect(lines).toContain('Seulement 12 heures sur 24 sont stockées : les chiffres sont trop bas.')
  expect(lines).toContain('# Les 30 derniers jours (11 sont stockés)')
  expect(englishIn(lines.join('\n'))).toEqual([])
})

test('a digest says its incidents in French', () => {
  const incidents = Array.from({ length: 30 }, () => ({
    ...open,
    openedAt: day,
    lastAnomalyAt: day + hourMs
  }))
  const lines = plain(digestText('shop', incidents, day, day + dayMs, words))
  expect(lines.slice(0, 3)).toEqual([
    'Résumé de shop : 30 incidents de faible gravité',
    '# Ouverts 29 nov. 2026, 01:00 – 30 nov. 2026, 01:00 Europe/Paris',
    'Chute du chiffre d’affaires, 29 nov. 2026, 01:00 – 02:00 Europe/Paris, toujours ouvert : Panne possible du système de paiement.'
  ])
  expect(lines.at(-1)).toBe('… et 5 de plus : cartwatch incidents les liste')
  expect(englishIn(lines.join('\n'))).toEqual([])
})
