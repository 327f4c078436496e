import { describe, expect, test } from 'vitest'
import { anomaliesText } from '../../../src/cli/anomalies.ts'
import { anomalyRowOf } from '../../support/anomaly-row.ts'

describe('the table', () => {
  const row = anomalyRowOf({
    severity: 'critical',
    anomaly_type: 'cart_abandonment_spike',
    details: 'Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.'
  })

  test.each([80, 100, 160])('fits a terminal of %i columns and loses no word', width => {
    const lines = anomaliesText([row, { ...row, severity: 'low' }], width)
      .trimEnd()
      .split('\n')
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
    for (const word of row.details.split(' ')) expect(lines.join('\n')).toContain(word)
  })

  test('shows no control characters of an event', () => {
    const text = anomaliesText([{ ...row, segment: 'x=a\u001b[31mb\u0007\u009bc\nd' }], 120)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    expect(text).toContain(String.raw`x=a\u001b[31mb\u0007\u009bc\u000ad`)
  })

  const outage = {
    ...row,
    segment: 'payment_method=paypal' as const,
    details: 'Revenue of payment_method=paypal dropped.'
  }

  test('has a column of segments where one was found, and room for it', () => {
    const [, head, , first] = anomaliesText([outage, row], 160).split('\n')
    expect(head).toMatch(/│ segment +│ details/)
    expect(first).toMatch(/│ payment_method=paypal │ Revenue of payment_method=paypal dropped\./)
  })

  test.each([80, 160])('fits %i columns whatever a segment is called', width => {
    const lines = anomaliesText([{ ...outage, segment: `category=${'x'.repeat(200)}` }], width)
      .trimEnd()
      .split('\n')
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
  })

  test('puts the segment before the details in a narrow terminal', () => {
    const text = anomaliesText([{ ...outage, details: 'It dropped.' }], 100)
    expect(text).not.toContain('segment')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('payment_method=paypal: It dropped.')
  })

  test('names the segments that explain it', () => {
    const explained_by = ['payment_method=paypal', 'country=DE']
    const text = anomaliesText([{ ...row, details: 'It dropped.', explained_by }], 160)
    expect(text).toContain('It dropped. Where: payment_method=paypal, country=DE')
  })

  test('says so where there is nothing', () => {
    expect(anomaliesText([], 80)).toBe('No anomalies.\n')
  })
})
