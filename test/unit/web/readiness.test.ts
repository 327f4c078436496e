import { expect, test } from 'vitest'
import { readinessPage } from '../../../src/web/readiness.ts'

test('an instance without components is ready', () => {
  expect(readinessPage({ components: {}, receivers: {} })).toEqual({
    status: 'ready',
    components: { receivers: {} }
  })
})

test('one component that is not ready makes the instance not ready', () => {
  const page = readinessPage({
    components: { kafka: { status: 'ok' }, detection: { status: 'warming_up' }, store: { status: 'failed' } },
    receivers: {}
  })
  expect(page.status).toBe('not_ready')
})
