import { expect, test } from 'vitest'
import { notificationsText } from '../../../src/cli/notifications.ts'
import { recordOf } from '../../support/alerts.ts'

const sent = recordOf({
  outcome: 'sent',
  attempts: 2,
  answer: 'accepted',
  requestId: 'r-17',
  latencyMs: 1_250,
  segment: 'country=DE'
})
const muted = recordOf({
  receiver: 'pager',
  reason: { type: 'inhibited_by', kind: 'data_loss' },
  outcome: 'muted'
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

test('each decision is a row: what, to whom, why, and what became of it', () => {
  expect(
    rowsOf(notificationsText([sent, muted, { ...sent, latencyMs: 71_400, requestId: null }], 180))
  ).toEqual([
    '2026-11-21 10:00:00 | 22222222 | slack | trigger high revenue_drop of country=DE (opened) | sent | 2 | 1250 ms | accepted (request r-17)',
    '2026-11-21 10:00:00 | 22222222 | pager | trigger high revenue_drop (explained_by:data_loss) | muted | 0 |  | ',
    '2026-11-21 10:00:00 | 22222222 | slack | trigger high revenue_drop of country=DE (opened) | sent | 2 | 71 s | accepted'
  ])
})

test.each([80, 120, 160])('the table fits %i columns and loses no word of an answer', width => {
  const answer = 'HTTP 503 from the receiver: try again later'
  const text = notificationsText([{ ...sent, answer, segment: `category=${'x'.repeat(90)}` }], width)
  const lines = text.trimEnd().split('\n')
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
  const last = lines.slice(3, -1).map(line => line.split('│').at(-2)?.slice(1, -1).trimEnd())
  expect(last.join('').replaceAll(' ', '')).toBe(`${answer} (request r-17)`.replaceAll(' ', ''))
})

test('what a receiver answered is shown and not obeyed', () => {
  expect(notificationsText([{ ...sent, answer: 'no\u001b]0;x\u0007' }], 180)).toContain(
    String.raw`no\u001b]0;x\u0007`
  )
})

test('says so where there are none', () => {
  expect(notificationsText([], 80)).toBe('No notifications.\n')
})
