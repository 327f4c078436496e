import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Anomaly } from '../../../../detectors/types.ts'
import { sentenceOf } from '../../../../src/channel/message/details.ts'
import { phrase } from '../../../../src/language/phrase.ts'
import { spoken } from '../../../../src/language/translator.ts'
import { anonymisedState, createAnonymise } from '../../../../src/store/anonymise/state.ts'
import { anomalyAt } from '../../../support/alerts.ts'

const anonymise = createAnonymise('a-secret-of-16-or-more')
const hash = expect.stringMatching(/^anon:[0-9a-f]{16}$/)

test('a name has one hash under one secret, and a hash stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), name => {
      const once = anonymise(name)
      expect(once).toEqual(hash)
      expect(anonymise(once)).toBe(once)
      expect(anonymise(name)).toBe(once)
      expect(createAnonymise('another-secret-of-16')(name)).not.toBe(once)
    })
  )
  expect(anonymise('')).toBe('')
})

test('who did it and what they wrote goes, wherever it is; what names no person stays', () => {
  const state = {
    by: 'ann',
    acknowledged: { by: 'ann', via: 'cli' },
    escalation: {
      policy: 'on-call',
      taken: [
        { level: 1, by: null },
        { level: 2, by: 'bob' }
      ]
    },
    silence: { matchers: { labels: { by: ['ann'] } }, by: 'bob', reason: 'moving house' },
    reason: 'opened',
    answer: '250 ok',
    escalated: { mention: ['U0ANN'] },
    report: { title: 'Yesterday', sections: [{ heading: 'Open', lines: ['acknowledged by ann'] }] }
  }
  expect(anonymisedState(state, anonymise)).toEqual({
    by: hash,
    acknowledged: { by: hash, via: 'cli' },
    escalation: {
      policy: 'on-call',
      taken: [
        { level: 1, by: null },
        { level: 2, by: hash }
      ]
    },
    silence: { matchers: { labels: { by: ['ann'] } }, by: hash, reason: hash },
    reason: 'opened',
    answer: hash,
    escalated: { mention: [hash] },
    report: { title: 'Yesterday', sections: [{ heading: 'Open', lines: [hash] }] }
  })
})

test('receivers and evidence of ours may have any name', () => {
  const state = {
    kind: 'revenue_drop',
    details: 'Revenue dropped',
    evidence: { by: 'country', answer: 'x' },
    told: { by: { severity: 'high' } },
    mutedFor: { answer: 'silenced:1' },
    labels: { by: 'team' }
  }
  expect(anonymisedState(state, anonymise)).toEqual(state)
})

test('what a service says goes, its numbers, labels and kind stay', () => {
  const alert = {
    kind: 'drift',
    details: 'Ann’s model drifts',
    evidence: { note: 'ask Ann', share: 0.3, ok: true, none: null },
    labels: { team: 'ml' }
  }
  expect(anonymisedState({ lastAnomaly: alert, alerts: [alert] }, anonymise)).toEqual({
    lastAnomaly: { ...alert, details: hash, evidence: { ...alert.evidence, note: hash } },
    alerts: [{ ...alert, details: hash, evidence: { ...alert.evidence, note: hash } }]
  })
})

test('what a service says goes in every language, and its message says only the hash', () => {
  const said = [phrase('finding.drift.is', { metric: 'psi', model: 'Ann’s model', value: 1, baseline: 0 })]
  const alert = anomalyAt(1, { kind: 'drift', ...spoken(said) })
  const gone = anonymisedState(alert, anonymise) as Anomaly
  expect(JSON.stringify(gone)).not.toContain('Ann’s model')
  expect(sentenceOf(gone, { language: 'fr' })).toEqual(hash)
})
