import { expect, test } from 'vitest'
import { createAddressList } from '../../../src/web/address-list.ts'

test.for<[string, string, boolean]>([
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.10', false],
  ['10.1.2.3/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['192.0.2.128/25', '192.0.2.127', false],
  ['192.0.2.1/32', '192.0.2.1', true],
  ['0.0.0.0/0', '203.0.113.9', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['2001:db8::/33', '2001:DB8:7fff::1', true],
  ['2001:db8::/33', '2001:db8:8000::1', false],
  ['::1', '0:0:0:0:0:0:0:1', true],
  ['fe80::/10', 'fe80::2%eth0', true],
  ['10.0.0.0/8', '::ffff:10.0.0.1', true],
  ['10.0.0.0/8', '::ffff:a00:1', true],
  ['10.0.0.0/8', '::ffff:11.0.0.1', false],
  ['::ffff:10.0.0.0/104', '10.0.0.1', true]
])('%s lists %s: %s', ([network, address, isListed]) => {
  expect(createAddressList(['203.0.113.200', network])(address)).toBe(isListed)
})

test.each(['', 'unknown', '10.0.0.1:443', '[::1]', '10.0.0', '10.0.0.0/8'])('%j is in no list', text => {
  expect(createAddressList(['0.0.0.0/0', '::/0'])(text)).toBe(false)
})
