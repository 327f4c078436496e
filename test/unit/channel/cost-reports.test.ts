import { afterAll, beforeAll, expect, test } from 'vitest'
import { emailMessage } from '../../../src/channel/email/message.ts'
import { teamsMessage } from '../../../src/channel/teams/card.ts'
import { burnText } from '../../../src/report/costs/burn-rate.ts'
import { costText, idleText } from '../../../src/report/costs/text.ts'
import { reportRecord } from '../../../src/report/record.ts'
import type { ReportText } from '../../../src/report/text.ts'
import { dayMs, hourMs } from '../../../src/time/units.ts'
import { anomalyAt, renderOptionsOf } from '../../support/alerts.ts'
import { openTestChannels, type TestChannels } from '../../support/channels.ts'
import { costSettings, recommendationOf } from '../../support/gpu-windows.ts'

const midnight = Date.UTC(2026, 10, 30)
const nowMs = midnight + 10 * hourMs
const words = { currency: 'USD', timezone: 'UTC' }

let channels: TestChannels

beforeAll(async () => {
  channels = await openTestChannels()
})
afterAll(async () => {
  await channels.close()
  await channels.inbox.close()
})

const recordOf = (name: string, text: ReportText) =>
  reportRecord({ pipeline: 'gpu-cost', name, date: '2026-11-29' }, 'slack', text, {
    outcome: 'pending',
    nowMs
  })

/** What the local Slack, which refuses what Slack refuses, was sent. */
async function inSlack(name: string, text: ReportText) {
  await channels.byName.get('slack')?.send(recordOf(name, text), null)
  expect(channels.inbox.messages.at(-1)?.accepted).toBe(true)
  return channels.lastBody()
}

const plain = (text: string) => ({ type: 'plain_text', text, emoji: false })
const section = (...lines: string[]) => ({ type: 'section', text: plain(lines.join('\n')) })
const fields = (...pairs: [string, string][]) => ({
  type: 'section',
  fields: pairs.map(([label, text]) => ({ type: 'mrkdwn', text: `*${label}*\n${text}`, verbatim: true }))
})
const quiet = { mrkdwn: false, link_names: false, unfurl_links: false, unfurl_media: false }
const origin = { type: 'context', elements: [plain('cartwatch · gpu-cost')] }

const idle = (more: { readonly language?: 'fr' } = {}) =>
  idleText(
    'gpu-cost',
    [
      recommendationOf({ resource: 'gpu-17', monthlySavings: 3_000, since: midnight - 12 * dayMs }),
      recommendationOf({ resource: 'gpu-4', gpu: 'A100', provider: 'gcp', since: midnight - 8 * dayMs }),
      recommendationOf({
        resource: 'gpu-9',
        provider: null,
        monthlySavings: 800,
        since: midnight - 7 * dayMs
      }),
      recommendationOf({ resource: 'gpu-2', monthlySavings: 400 })
    ],
    { rule: costSettings.idle, isNew: () => true, nowMs },
    { ...words, ...more }
  )

test('what is idle, in Slack, field by field', async () => {
  expect(await inSlack('idle', { ...idle(), severity: 'high' })).toEqual({
    text: '💤 Idle GPUs of gpu-cost: $5,400.00 a month could be saved',
    ...quiet,
    blocks: [{ type: 'header', text: plain('💤 Idle GPUs of gpu-cost: $5,400.00 a month could be saved') }],
    attachments: [
      {
        color: '#ff9800',
        blocks: [
          fields(
            ['Potential savings', '$5,400.00 a month'],
            ['Issues', '4'],
            ['Idle is', 'below 5 % over 7 days']
          ),
          section('1. gpu-17', 'GPU: H100', 'Provider: aws', 'Idle: 12 days', 'Savings: $3,000.00 a month'),
          section('2. gpu-4', 'GPU: A100', 'Provider: gcp', 'Idle: 8 days', 'Savings: $1,200.00 a month'),
          section('3. gpu-9', 'GPU: H100', 'Provider: unknown', 'Idle: 7 days', 'Savings: $800.00 a month'),
          section(
            'And 1 more',
            'Savings: $400.00 a month',
            'The table realtime.recommendations lists them all.'
          ),
          origin
        ]
      }
    ]
  })
})

const summary = (more: { readonly language?: 'fr' } = {}) =>
  costText(
    'gpu-cost',
    {
      ...{ day: midnight / dayMs - 1, lengthMs: dayMs, coveredMs: dayMs },
      periods: [
        { days: 1, storedDays: 1, cost: 15_234.56 },
        { days: 7, storedDays: 7, cost: 98_000 },
        { days: 30, storedDays: 12, cost: 180_000.5 }
      ],
      models: [
        { segment: 'model=llama-70b', total: 10_000 },
        { segment: 'model=<!channel>', total: 5_234.56 }
      ],
      savings: { monthly: 5_400, high: 2 }
    },
    { ...words, ...more }
  )

test('a cost summary, in Slack, field by field', async () => {
  expect(await inSlack('cost-summary', summary())).toEqual({
    text: '💸 Cost summary of gpu-cost: Sunday, 29 November 2026',
    ...quiet,
    blocks: [{ type: 'header', text: plain('💸 Cost summary of gpu-cost: Sunday, 29 November 2026') }],
    attachments: [
      {
        color: '#2196f3',
        blocks: [
          fields(
            ['Sunday', '$15,234.56'],
            ['Last 7 days', '$98,000.00'],
            ['Last 30 days (12 are stored)', '$180,000.50'],
            ['Potential savings', '$5,400.00 a month'],
            ['High-severity recommendations', '2']
          ),
          section('Top models on Sunday', 'llama-70b: $10,000.00 (65.6 %)', '<!channel>: $5,234.56 (34.4 %)'),
          origin
        ]
      }
    ]
  })
})

const budget = {
  threshold: 10_000,
  severity: 'high',
  raiseBy: [{ severity: 'critical', from: 0.5 }]
} as const
const burn = (value: number, language: 'en' | 'fr' = 'en') =>
  burnText('gpu-cost', { date: '2026-11-30', metric: 'gpu_cost', value, budget }, { ...words, language })

test('a burn rate that is over the budget, in Slack, field by field', async () => {
  expect(await inSlack('burn-rate', burn(15_234.56))).toEqual({
    text: '🔥 Burn rate of gpu-cost: over by $5,234.56 (52.3%)',
    ...quiet,
    blocks: [{ type: 'header', text: plain('🔥 Burn rate of gpu-cost: over by $5,234.56 (52.3%)') }],
    attachments: [
      {
        color: '#d32f2f',
        blocks: [
          fields(
            ['Date', '2026-11-30'],
            ['Daily gpu cost', '$15,234.56'],
            ['Threshold', '$10,000.00'],
            ['Over by', '$5,234.56 (52.3%)']
          ),
          origin
        ]
      }
    ]
  })
})

test('the alert of a burn rate, in Slack, field by field', async () => {
  const details = 'gpu_cost of 2026-11-21 until 11:00 is $15,234.56, over $10,000.00 by $5,234.56 (52.3%).'
  const kind = 'metric_threshold'
  const anomaly = anomalyAt(60, {
    ...{ kind, segment: 'rule=daily-budget', metric: 'gpu_cost', details, severity: 'critical' },
    ...{ value: 15_234.56, expected: 10_000 },
    evidence: { date: '2026-11-21', days: 1, threshold: 10_000, beyond_share: 0.523456 }
  })
  await channels.sendTo('slack', {
    ...{ kind, severity: 'critical', segment: anomaly.segment, anomalies: [anomaly] }
  })
  expect(channels.inbox.messages.at(-1)?.accepted).toBe(true)
  const { blocks, attachments } = channels.lastBody()
  expect(blocks).toEqual([
    { type: 'header', text: plain('🔔 CRITICAL: Metric threshold · rule=daily-budget') },
    section(details)
  ])
  expect(attachments).toMatchObject([
    {
      color: '#d32f2f',
      blocks: [
        fields(
          ['Severity', '🔴 critical: respond immediately'],
          ['Date', '2026-11-21'],
          ['Daily gpu cost', '$15,234.56'],
          ['Threshold', '$10,000.00'],
          ['Over by', '$5,234.56 (52.3%)'],
          ['Segment', 'rule=daily-budget']
        ),
        section('Check first', 'See which segments the most of it comes from, and since when.'),
        { type: 'actions' },
        { type: 'context' }
      ]
    }
  ])
})

test.each([
  [12_000, 'high', 'over by $2,000.00 (20.0%)', 'Over by'],
  [15_000, 'critical', 'over by $5,000.00 (50.0%)', 'Over by'],
  [4_765.44, 'low', 'under by $5,234.56 (52.3%)', 'Under by']
])('a burn rate of %d is said as %s, %s', async (value, severity, beyond, label) => {
  const text = burn(value)
  expect([text.severity, text.title]).toEqual([severity, `Burn rate of gpu-cost: ${beyond}`])
  expect(text.facts?.at(-1)).toEqual({ label, text: beyond.replace(/^\w+ by /, '') })
  const body = await inSlack('burn-rate', text)
  expect(JSON.stringify(body)).toContain(`*${label}*`)
})

test('both have their figures in a mail and in a card', () => {
  const options = renderOptionsOf()
  const mail = emailMessage(recordOf('cost-summary', summary()), options)
  expect(mail.subject).toBe('Cost summary of gpu-cost: Sunday, 29 November 2026 (gpu-cost)')
  expect(mail.text).toContain('Sunday: $15,234.56\nLast 7 days: $98,000.00\n')
  expect(mail.html).toContain('<tr><th align="left">Last 7 days</th><td>$98,000.00</td></tr>')
  const card = JSON.stringify(teamsMessage(recordOf('idle', idle()), options))
  expect(card).toContain('$5,400.00 a month')
  expect(card).toContain('Idle: 12 days')
})

/** With plain blanks where French has those that do not break a line. */
const withBlanks = (body: unknown) => JSON.parse(JSON.stringify(body).replaceAll(/[\u00a0\u202f]/g, ' '))

test('what is idle, a cost summary and a burn rate, in Slack in French, field by field', async () => {
  const french = { language: 'fr' } as const
  expect(withBlanks(await inSlack('idle', idle(french)))).toEqual({
    text: '💤 GPU inactifs de gpu-cost : 5 400,00 $ par mois à économiser',
    ...quiet,
    blocks: [
      { type: 'header', text: plain('💤 GPU inactifs de gpu-cost : 5 400,00 $ par mois à économiser') }
    ],
    attachments: [
      {
        color: '#2196f3',
        blocks: [
          fields(
            ['Économies possibles', '5 400,00 $ par mois'],
            ['Problèmes', '4'],
            ['Est inactif', 'moins de 5 % sur 7 jours']
          ),
          section(
            '1. gpu-17',
            'GPU : H100',
            'Fournisseur : aws',
            'Inactif : 12 jours',
            'Économies : 3 000,00 $ par mois'
          ),
          section(
            '2. gpu-4',
            'GPU : A100',
            'Fournisseur : gcp',
            'Inactif : 8 jours',
            'Économies : 1 200,00 $ par mois'
          ),
          section(
            '3. gpu-9',
            'GPU : H100',
            'Fournisseur : inconnu',
            'Inactif : 7 jours',
            'Économies : 800,00 $ par mois'
          ),
          section(
            'Et 1 de plus',
            'Économies : 400,00 $ par mois',
            'La table realtime.recommendations les liste tous.'
          ),
          origin
        ]
      }
    ]
  })
  expect(withBlanks(await inSlack('cost-summary', summary(french)))).toEqual({
    text: '💸 Coûts de gpu-cost : dimanche 29 novembre 2026',
    ...quiet,
    blocks: [{ type: 'header', text: plain('💸 Coûts de gpu-cost : dimanche 29 novembre 2026') }],
    attachments: [
      {
        color: '#2196f3',
        blocks: [
          fields(
            ['Dimanche', '15 234,56 $'],
            ['Les 7 derniers jours', '98 000,00 $'],
            ['Les 30 derniers jours (12 sont stockés)', '180 000,50 $'],
            ['Économies possibles', '5 400,00 $ par mois'],
            ['Recommandations de gravité élevée', '2']
          ),
          section(
            'Modèles les plus coûteux du dimanche',
            'llama-70b : 10 000,00 $ (65,6 %)',
            '<!channel> : 5 234,56 $ (34,4 %)'
          ),
          origin
        ]
      }
    ]
  })
  const over = '🔥 Dépenses du jour de gpu-cost : dépassement de 5 234,56 $ (52,3 %)'
  expect(withBlanks(await inSlack('burn-rate', burn(15_234.56, 'fr')))).toEqual({
    text: over,
    ...quiet,
    blocks: [{ type: 'header', text: plain(over) }],
    attachments: [
      {
        color: '#d32f2f',
        blocks: [
          fields(
            ['Date', '2026-11-30'],
            ['gpu cost du jour', '15 234,56 $'],
            ['Seuil', '10 000,00 $'],
            ['Dépassement', '5 234,56 $ (52,3 %)']
          ),
          origin
        ]
      }
    ]
  })
})
