import { describe, expect, test } from 'vitest'
import { episodesOf, type ScoredAnomaly, scoreAnomalies } from '../../../src/demo/score.ts'

const minutes = (count: number) => count * 60_000
const anomaly = (kind: string, from: number, to: number, severity = 'high'): ScoredAnomaly => ({
  kind,
  severity: severity as ScoredAnomaly['severity'],
  windowStart: minutes(from),
  windowEnd: minutes(to)
})
const label = (kind: string, from: number, to: number) => ({
  kind,
  startMs: minutes(from),
  endMs: minutes(to)
})

describe('incidents', () => {
  test('an incident is found by the first anomaly of a fitting kind, and its delay ends with that window', () => {
    const outage = label('payment_outage', 100, 120)
    const score = scoreAnomalies(
      [
        anomaly('traffic_drop', 100, 101),
        anomaly('revenue_drop', 101, 103),
        anomaly('checkout_failure', 101, 102)
      ],
      [outage]
    )
    expect(score.incidents).toEqual([
      {
        label: outage,
        foundBy: 'checkout_failure',
        delayMs: minutes(2),
        kinds: ['traffic_drop', 'checkout_failure', 'revenue_drop'],
        unfitting: ['traffic_drop']
      }
    ])
    expect(score.falseAlarms).toEqual([])
  })

  test('what is raised in the next incident is not of this one, however far back its span reaches', () => {
    const [first, second] = [label('bot_flood', 100, 120), label('missing_prices', 140, 160)]
    const { incidents } = scoreAnomalies(
      [anomaly('traffic_spike', 100, 103), anomaly('data_quality', 90, 150, 'medium')],
      [first, second]
    )
    expect(incidents.map(({ kinds }) => kinds)).toEqual([['traffic_spike'], ['data_quality']])
  })

  test('an anomaly of another kind does not find an incident, and is no false alarm while it lasts', () => {
    const score = scoreAnomalies([anomaly('revenue_drop', 102, 103)], [label('bot_flood', 100, 120)])
    expect(score.incidents[0]?.foundBy).toBeUndefined()
    expect(score.incidents[0]?.delayMs).toBeUndefined()
    expect(score.falseAlarms).toEqual([])
  })

  test('a low severity does not find an incident', () => {
    const score = scoreAnomalies([anomaly('traffic_spike', 100, 101, 'low')], [label('bot_flood', 100, 120)])
    expect(score.incidents[0]?.foundBy).toBeUndefined()
  })

  test('an anomaly that ended before the incident began does not find it', () => {
    const score = scoreAnomalies([anomaly('revenue_drop', 98, 100)], [label('payment_outage', 100, 120)])
    expect(score.incidents[0]?.foundBy).toBeUndefined()
  })

  test('an anomaly that ends over ten minutes after the incident does not find it', () => {
    const late = scoreAnomalies([anomaly('revenue_drop', 110, 131)], [label('payment_outage', 100, 120)])
    expect(late.incidents[0]?.foundBy).toBeUndefined()
    const timely = scoreAnomalies([anomaly('revenue_drop', 110, 130)], [label('payment_outage', 100, 120)])
    expect(timely.incidents[0]?.delayMs).toBe(minutes(30))
  })

  test('the echo of an incident in a long span does not find the next incident', () => {
    const labels = [label('payment_outage', 100, 120), label('checkout_bug', 140, 160)]
    const score = scoreAnomalies(
      [anomaly('revenue_drop', 101, 141), anomaly('revenue_drop', 144, 146)],
      labels
    )
    expect(score.incidents.map(({ delayMs }) => delayMs)).toEqual([undefined, minutes(6)])
  })

  test('each of several incidents is scored by itself', () => {
    const labels = [label('payment_outage', 100, 120), label('producer_stops', 140, 160)]
    const score = scoreAnomalies([anomaly('revenue_drop', 102, 103), anomaly('data_loss', 141, 142)], labels)
    expect(score.incidents.map(({ foundBy }) => foundBy)).toEqual(['revenue_drop', 'data_loss'])
  })
})

describe('false alarms', () => {
  test('an anomaly far from every label is one, and of low severity is none', () => {
    const labels = [label('bot_flood', 100, 120)]
    const score = scoreAnomalies(
      [anomaly('traffic_drop', 200, 205, 'medium'), anomaly('traffic_drop', 400, 405, 'low')],
      labels
    )
    expect(score.falseAlarms).toEqual([
      { kind: 'traffic_drop', severity: 'medium', startMs: minutes(200), endMs: minutes(205) }
    ])
  })

  test('an episode that touches the ten minutes after a label is none, a minute later it is', () => {
    const labels = [label('bot_flood', 100, 120)]
    expect(scoreAnomalies([anomaly('revenue_drop', 130, 131)], labels).falseAlarms).toHaveLength(0)
    expect(scoreAnomalies([anomaly('revenue_drop', 131, 132)], labels).falseAlarms).toHaveLength(1)
  })

  test('an episode that begins at a label and lasts for hours is not one', () => {
    const raised = [
      anomaly('revenue_drop', 119, 120),
      anomaly('revenue_drop', 140, 150),
      anomaly('revenue_drop', 179, 190)
    ]
    expect(scoreAnomalies(raised, [label('payment_outage', 100, 120)]).falseAlarms).toEqual([])
  })

  test('a flash sale excuses no alarm and is no incident to find', () => {
    const score = scoreAnomalies([anomaly('traffic_spike', 105, 106)], [label('flash_sale', 100, 120)])
    expect(score.incidents).toEqual([])
    expect(score.falseAlarms).toHaveLength(1)
  })
})

describe('episodes', () => {
  test('anomalies of one kind join under 30 minutes apart, with the worst severity', () => {
    expect(
      episodesOf([anomaly('revenue_drop', 39, 40, 'critical'), anomaly('revenue_drop', 5, 10, 'medium')])
    ).toEqual([{ kind: 'revenue_drop', severity: 'critical', startMs: minutes(5), endMs: minutes(40) }])
  })

  test('anomalies 30 minutes apart, or of two kinds, are two episodes', () => {
    expect(episodesOf([anomaly('revenue_drop', 5, 10), anomaly('revenue_drop', 40, 41)])).toHaveLength(2)
    expect(episodesOf([anomaly('revenue_drop', 5, 10), anomaly('traffic_drop', 5, 10)])).toHaveLength(2)
  })

  test('a long span inside an episode does not shorten it', () => {
    expect(
      episodesOf([
        anomaly('revenue_drop', 0, 60),
        anomaly('revenue_drop', 10, 20),
        anomaly('revenue_drop', 80, 90)
      ])
    ).toEqual([{ kind: 'revenue_drop', severity: 'high', startMs: 0, endMs: minutes(90) }])
  })
})
