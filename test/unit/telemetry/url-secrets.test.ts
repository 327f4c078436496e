import { expect, test } from 'vitest'
import { credentialsIn, secretFormsOf } from '../../../src/telemetry/url-secrets.ts'

const masked = (text: string, url: string) =>
  secretFormsOf(url).reduce((shown, form) => shown.replaceAll(form, '***'), text)

test.each([
  ['https://a.example/s3cr3t', 'POST /s3cr3t 404', 'POST *** 404'],
  [
    'https://hooks.slack.com/services/T0AB1CD/B0AB1CD/xYz9',
    'no team T0AB1CD in services',
    'no team *** in services'
  ],
  ['https://a.example/in?sig=p%2Fq-1', 'sig p/q-1 is wrong', 'sig *** is wrong'],
  ['https://me:p%40ss@a.example/hook', 'bad login p@ss at /hook', 'bad login *** at /hook'],
  ['https://a.example/hook', 'no /hook here', 'no /hook here']
])('of %s what gives it away is taken out of an answer', (url, text, expected) => {
  expect(masked(text, url)).toBe(expected)
  expect(masked(`to ${url}.`, url)).toBe('to ***.')
})

test('an address that is no secret has its password and what its query calls one', () => {
  expect(new Set(credentialsIn('http://shop:pa%20ss@ch:8123/?database=realtime&password=x1'))).toEqual(
    new Set(['pa%20ss', 'pa ss', 'x1'])
  )
  expect(credentialsIn('http://ch:8123')).toEqual([])
})
