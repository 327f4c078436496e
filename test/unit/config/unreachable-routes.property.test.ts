import fc from 'fast-check'
import { expect, test } from 'vitest'
import { severities } from '../../../detectors/types.ts'
import { routedKinds, routesSchema } from '../../../src/config/routes.ts'
import { unreachable } from '../../../src/config/unreachable-routes.ts'
import type { Subject } from '../../../src/routing/matchers.ts'
import { createRouting } from '../../../src/routing/router.ts'
import { plainContext } from '../../support/alerts.ts'

const labels = { team: 'shop' }
const labelsOfKinds = new Map([['data_loss', { team: 'data' }]])
const known = { labels, alerting: { labelsOfKinds }, segments: { watch: ['country'] } }
const intervals = new Map([
  ['office', { timezone: 'UTC', times: [{ days: null, dates: null, fromMinute: 540, toMinute: 1_020 }] }]
])
const hours = [Date.UTC(2026, 10, 25, 3), Date.UTC(2026, 10, 25, 12)]
const subjects: Subject[] = ['data_loss', 'data_quality', 'late_spike', 'traffic_spike'].flatMap(kind =>
  severities.flatMap(severity =>
    ['all', 'country=DE', 'country=FR'].map(segment => ({ kind, severity, segment }))
  )
)

const some = (...texts: string[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1, maxLength: 2 }), {
    nil: undefined,
    freq: 2
  })
const match = fc.record({
  kind: some('data_*', 'data_loss', '*_spike', 'late_spike', '!data_loss'),
  severity: some('critical', 'high', '!low', '!critical'),
  segment: some('all', 'country=*', 'country=DE', '!all', 'city=*'),
  pipeline: some('shop', 's*', '!shop'),
  labels: fc.option(
    fc.record(
      { team: fc.constantFrom('shop', 'data', '!data', 'web'), country: fc.constantFrom('DE', '!DE', '*') },
      { requiredKeys: [] }
    ),
    { nil: undefined, freq: 2 }
  )
})
const route = fc.record({
  match,
  when: fc.constantFrom(undefined, undefined, 'office', '!office'),
  receiver: fc.constant('none'),
  continue: fc.constantFrom(false, false, true)
})

test('a route that is said to be never reached is reached by nothing', () => {
  let reported = 0
  fc.assert(
    fc.property(fc.array(route, { minLength: 1, maxLength: 6 }), written => {
      const routes = routesSchema.parse([...written, { default: 'none' }])
      const { path } = createRouting(routes, new Map(), { ...plainContext, labels, labelsOfKinds, intervals })
      const reached = new Set(
        hours.flatMap(hour =>
          subjects.flatMap(subject =>
            path(subject, hour).flatMap(step => (step.outcome === 'matched' ? [step.route] : []))
          )
        )
      )
      const found = unreachable(routes, known).filter(
        ({ message }) => !message.startsWith('matches everything')
      )
      reported += found.length
      expect(found.filter(({ index }) => reached.has(index))).toEqual([])
    }),
    { numRuns: 400 }
  )
  expect(reported).toBeGreaterThan(20)
})

test('kinds of the subjects here are kinds that there are', () => {
  expect(subjects.filter(({ kind }) => !routedKinds.includes(kind))).toEqual([])
})
