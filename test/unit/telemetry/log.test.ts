import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createLogger, type LogOptions } from '../../../src/telemetry/log.ts'
import type { Logger } from '../../../src/telemetry/types.ts'
import { createManualClock } from '../../support/manual-clock.ts'

const clock = createManualClock(Date.UTC(2026, 10, 21, 10))

function capture(options: Partial<LogOptions> = {}): {
  log: Logger
  text: () => string
  line: () => unknown
} {
  const lines: string[] = []
  const to = new Writable({
    decodeStrings: false,
    write: (line, _encoding, done) => {
      lines.push(String(line))
      done()
    }
  })
  const log = createLogger({ level: 'info', clock, to, ...options })
  return { log, text: () => lines.join(''), line: () => JSON.parse(lines.at(-1) ?? 'null') }
}

describe('a line', () => {
  test('is an event with fields, at the time of the clock', () => {
    const { log, line } = capture()
    log.warn({ topic: 'events', partition: 2, reason: 'invalid_json' }, 'dead letter')
    expect(line()).toEqual({
      level: 'warn',
      time: '2026-11-21T10:00:00.000Z',
      topic: 'events',
      partition: 2,
      reason: 'invalid_json',
      msg: 'dead letter'
    })
  })

  test('below the level is not written', () => {
    const { log, text } = capture({ level: 'warn' })
    log.info({}, 'quiet')
    log.debug({}, 'quiet')
    expect(text()).toBe('')
    log.error({}, 'loud')
    expect(text()).toContain('loud')
  })

  test('tells an error with its code and its cause', () => {
    const { log, line, text } = capture()
    const error = Object.assign(new Error('insert failed', { cause: new Error('socket hang up') }), {
      code: 'TIMEOUT'
    })
    log.error({ error }, 'store')
    expect(line()).toMatchObject({ level: 'error', error: { code: 'TIMEOUT' }, msg: 'store' })
    expect(text()).toContain('insert failed')
    expect(text()).toContain('socket hang up')
  })

  test('for people is no JSON', () => {
    const { log, text } = capture({ pretty: true })
    log.info({ windows: 3 }, 'closed')
    expect(text()).toContain('closed')
    expect(text()).toContain('windows: 3')
    expect(text()).not.toContain('{')
  })
})

describe('what a terminal would obey', () => {
  const hostile = 'a\u001b[2J\u009b31m\u202e\u0000\u{e0041}\ud800'

  test('is in a line of JSON as an escape, and is the same text when it is parsed', () => {
    const { log, text, line } = capture()
    log.warn({ segment: hostile, [hostile]: 1 }, `msg ${hostile}`)
    expect(text()).toMatch(/^[\x20-\x7e]+\n$/)
    expect(line()).toMatchObject({ segment: hostile, [hostile]: 1, msg: `msg ${hostile}` })
  })

  test('is shown as its escape in the form for people, where only an error has several lines', () => {
    const { log, text } = capture({ pretty: true })
    log.warn({ segment: hostile, [hostile]: 1, error: new Error(hostile) }, `msg ${hostile}`)
    expect(text()).toMatch(/^[\x20-\x7e\n]+$/)
    expect(text()).toContain(String.raw`msg a\u001b[2J\u009b31m\u202e\u0000\u{e0041}\ud800`)
  })
})

describe('a secret', () => {
  const webhook = 'https://hooks.example/services/T0/B0/abcdefgh'
  const secrets = [webhook, 'pa"ss\\wörd']
  const mask = (text: string): string =>
    secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)

  test('that is known is taken out of fields, messages, errors and causes', () => {
    const { log, text, line } = capture({ mask })
    const error = new Error(`connect ${webhook}`, { cause: new Error(`login with pa"ss\\wörd`) })
    log.error({ error, nested: { list: [`x ${webhook}`] }, dsn: 'pa"ss\\wörd' }, `POST ${webhook}`)
    expect(text()).not.toContain('abcdefgh')
    expect(text()).not.toContain('wörd')
    expect(line()).toMatchObject({ nested: { list: ['x ***'] }, dsn: '***', msg: 'POST ***' })
  })

  test('never leaves a line that is no JSON, whatever the mask takes out', () => {
    const { log, line } = capture({ mask: text => text.replace(/\/\/.*@/, '***') })
    log.info({ broker: 'kafka://a:9092', contact: 'x@y', n: 1 }, 'started')
    expect(line()).toMatchObject({ broker: 'kafka://a:9092', contact: 'x@y', n: 1 })
  })

  test('in a field whose name says so is hidden, known or not', () => {
    const { log, line } = capture()
    log.info(
      { password: 'x', kafka: { password: 'y', user: 'u' }, headers: { authorization: 'z' } },
      'config'
    )
    expect(line()).toMatchObject({
      password: '***',
      kafka: { password: '***', user: 'u' },
      headers: { authorization: '***' }
    })
  })
})
