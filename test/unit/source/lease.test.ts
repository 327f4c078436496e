import { expect, test } from 'vitest'
import { createLeases } from '../../../src/source/lease.ts'

test('a lease is valid until the next one begins, and never again', () => {
  const leases = createLeases()
  const first = leases.current()
  expect([first.isValid(), leases.current() === first]).toEqual([true, true])
  const second = leases.renew()
  expect([first.isValid(), second.isValid(), leases.current() === second]).toEqual([false, true, true])
  leases.renew()
  expect([first.isValid(), second.isValid(), leases.current().isValid()]).toEqual([false, false, true])
})
