import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anonymisedState, createAnonymise } from '../../../../src/store/anonymise/state.ts'

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
