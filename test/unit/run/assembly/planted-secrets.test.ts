import { describe, expect, test } from 'vitest'
import { formatErrors } from '../../../../src/config/errors.ts'
import { printConfig } from '../../../../src/config/print.ts'
import { maskOf } from '../../../../src/run/assembly/mask.ts'
import { configOf, loadText } from '../../../support/configs.ts'
import { encrypted, testKeys } from '../../../support/encryption.ts'

/** Nothing of these may be seen. */
const planted = {
  slack: 'T0SECRETA/B0SECRETB/slackhook0',
  bot: 'xoxb-12345-planted-bot-token',
  pager: 'plantedpagerkeyplantedpagerkey00',
  mail: 'planted mail pass/word+1',
  teams: 'planted-teams-path-aaaa',
  webhook: 'planted-webhook-path-bb',
  hmac: 'planted-hmac-secret-0123',
  beat: 'planted-heartbeat-path-c',
  store: 'planted-store-password'
}
/** The last 8 characters of an address are shown. */
const tail = '/tail1234'
const source = `store: { password: "${planted.store}" }
receivers:
  a: { type: slack, webhook_url: "https://hooks.slack.example/services/${planted.slack}${tail}" }
  b: { type: slack, bot_token: ${planted.bot}, channel: C1 }
  c: { type: pagerduty, integration_key: ${planted.pager} }
  d: { type: email, host: mail.example, from: a@b.example, to: c@d.example, user: me, password: "${planted.mail}" }
  e: { type: teams, webhook_url: "https://teams.example/${planted.teams}${tail}" }
  f: { type: webhook, url: "https://hook.example/${planted.webhook}${tail}", secret: ${planted.hmac} }
  g: { type: heartbeat, url: "https://beat.example/${planted.beat}${tail}" }
routes:
  - { receiver: a, continue: true }
  - { receiver: b, continue: true }
  - { receiver: c, continue: true }
  - { receiver: d, continue: true }
  - { receiver: e, continue: true }
  - default: f
`
const seenIn = (text: string) => Object.values(planted).filter(secret => text.includes(secret))

describe('planted secrets are not seen', () => {
  test('in the printed configuration or its notes', () => {
    const loaded = loadText(source)
    const printed = loaded.ok ? printConfig(loaded.effective) : ''
    expect(seenIn(printed)).toEqual([])
    expect(seenIn(loaded.ok ? loaded.warnings.join() : source)).toEqual([])
    expect([...printed.matchAll(/\*\*\*[\w/]*/g)].map(([shown]) => shown)).toEqual([
      '***',
      '***tail1234',
      '***',
      '***',
      '***',
      '***',
      '***tail1234',
      '***tail1234',
      '***',
      '***tail1234'
    ])
  })

  test('where they are encrypted in the file', () => {
    const hidden = source
      .replaceAll(
        /(webhook_url|url|password|secret): ("[^"]*"|planted-\S+)/g,
        (_, key, text) => `${key}: ${encrypted(text.replaceAll('"', ''))}`
      )
      .replace(planted.bot, encrypted(planted.bot))
      .replace(planted.pager, encrypted(planted.pager))
    expect(seenIn(hidden)).toEqual([])
    const loaded = loadText(hidden, { CARTWATCH_ENCRYPTION_KEYS: testKeys })
    const plain = loadText(source)
    if (!loaded.ok || !plain.ok) throw new Error('refused')
    expect(loaded.config).toEqual(plain.config)
    expect(printConfig(loaded.effective)).toBe(printConfig(plain.effective))
    expect(seenIn(loaded.warnings.join())).toEqual([])
    const mistaken = loadText(hidden.replace('default: f', 'default: nobody'), {
      CARTWATCH_ENCRYPTION_KEYS: testKeys
    })
    expect(mistaken.ok ? ['taken'] : seenIn(formatErrors(mistaken.errors))).toEqual([])
  })

  test('in the mistakes of a configuration that is wrong, whatever is wrong with the secrets', () => {
    for (const [from, to] of [
      ['default: f', 'default: nobody'],
      ['https://', 'hxxps://'],
      ['type: pagerduty, integration_key: ', 'type: pagerduty, integration_key: X'],
      ['bot_token: ', 'bot_token: Y'],
      ['type: ', 'tipe: '],
      ['password: "', 'passwort: "'],
      ['secret: ', 'secret: [1], more: ']
    ] as const) {
      const loaded = loadText(source.replaceAll(from, to))
      const text = loaded.ok ? source : formatErrors(loaded.errors)
      expect({ to, seen: seenIn(text) }).toEqual({ to, seen: [] })
    }
  })

  test('in what is logged or answered, in whatever form a protocol has them', () => {
    const mask = maskOf(configOf(source))
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    const texts = [
      source,
      encodeURIComponent(source),
      `AUTH PLAIN ${base64(`\0me\0${planted.mail}`)} LOGIN ${base64(planted.mail)}`,
      JSON.stringify({ password: planted.mail })
    ]
    const shown = texts.map(mask).join('\n')
    expect(seenIn(shown)).toEqual([])
    expect(seenIn(decodeURIComponent(shown))).toEqual([])
    expect(shown).not.toContain(base64(`\0me\0${planted.mail}`))
    expect(shown).not.toContain(base64(planted.mail))
  })

  test('where only the path of an address is named', () => {
    expect(seenIn(maskOf(configOf(source))(`POST /${planted.webhook}${tail} 500`))).toEqual([])
  })
})
