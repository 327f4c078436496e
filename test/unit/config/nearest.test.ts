import { expect, test } from 'vitest'
import { nearest } from '../../../src/config/nearest.ts'

const keys = ['session_timeout', 'max_bytes', 'group', 'topics', 'size', 'grace']

test.each([
  ['sesion_timeout', 'session_timeout'],
  ['sessionTimeout', 'session_timeout'],
  ['session-timeout', 'session_timeout'],
  ['session', 'session_timeout'],
  ['topic', 'topics'],
  ['Group', 'group'],
  ['gruop', 'group'],
  ['siez', 'size']
])('%s means %s', (word, meant) => {
  expect(nearest(word, keys)).toBe(meant)
})

test.each(['x', 'password', 'bootstrap_servers', ''])('%j means none of them', word => {
  expect(nearest(word, keys)).toBeUndefined()
})
