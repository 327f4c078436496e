import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatErrors } from '../../../../src/config/errors.ts'
import { loadConfig } from '../../../../src/config/load.ts'
import { encrypted, testKeys } from '../../../support/encryption.ts'
import { tries } from '../../../support/tries.ts'

const planted = 'Planted#Secret#0123'
const whole = encrypted(planted)
const after = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...'v1:k2Aa_-=+/'), maxLength: 80 }),
  fc.tuple(fc.nat(whole.length), fc.nat(whole.length)).map(([from, to]) => whole.slice(4).slice(from, to)),
  fc.tuple(fc.nat(whole.length - 5), fc.string()).map(([at, text]) => whole.slice(4, 4 + at) + text),
  fc.constant('v1:k1:').map(head => head + whole.slice(10)),
  fc.string().map(text => `v1:${planted}:${text}`),
  fc.constant(planted)
)

test('any text after enc: is an error with a place, in a file or a variable, and nothing of it is shown', () => {
  fc.assert(
    fc.property(after, rest => {
      const text = `enc:${rest}`
      if (text === whole) return
      const env = { CARTWATCH_ENCRYPTION_KEYS: testKeys }
      const source = `receivers:\n  a: { type: slack, bot_token: ${JSON.stringify(text)}, channel: C }\nroutes: [{ default: a }]\n`
      const errorsOf = (loaded: ReturnType<typeof loadConfig>) => (loaded.ok ? [] : loaded.errors)
      const inFile = errorsOf(
        loadConfig({ path: 'a.yaml', env, readFile: () => source.replaceAll('$', '$$$$') })
      )
      const inVariable = errorsOf(
        loadConfig({ path: 'a.yaml', env: { ...env, SLACK_WEBHOOK_URL: text }, readFile: () => '' })
      )
      const inSecretFile = errorsOf(
        loadConfig({
          path: 'a.yaml',
          env: { ...env, CLICKHOUSE_PASSWORD_FILE: '/run/x' },
          readFile: path => (path === '/run/x' ? text : '')
        })
      )
      expect(inFile.map(({ place }) => place)).toEqual(['a.yaml:2:32'])
      expect(inVariable.map(({ place }) => place)).toEqual(['environment variable SLACK_WEBHOOK_URL'])
      expect(inSecretFile.map(({ place }) => place)).toEqual(['environment variable CLICKHOUSE_PASSWORD'])
      expect(formatErrors([...inFile, ...inVariable, ...inSecretFile])).not.toContain(planted)
    }),
    { numRuns: tries(60) }
  )
})
