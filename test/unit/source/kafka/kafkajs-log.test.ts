import { readFileSync } from 'node:fs'
import kafkajs, { type LogEntry } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { createKafkaLog, retriedErrors, routineErrors } from '../../../../src/source/kafka/kafkajs-log.ts'

const { ERROR, WARN, INFO, DEBUG } = kafkajs.logLevel

function written(level: LogEntry['level'], message: string, extra: object = {}) {
  return opened()(level, message, extra)
}

function opened() {
  const lines: [string, object, string][] = []
  const writeAs = (name: string) => (fields: object, text: string) => lines.push([name, fields, text])
  const log = {
    debug: writeAs('debug'),
    info: writeAs('info'),
    warn: writeAs('warn'),
    error: writeAs('error')
  }
  const create = createKafkaLog(log)
  return function write(level: LogEntry['level'], message: string, extra: object = {}) {
    const entry = { timestamp: '2026-01-01T00:00:00Z', logger: 'kafkajs', message, ...extra }
    create(level)({ namespace: 'Connection', level, label: '', log: entry })
    return lines.at(-1)
  }
}

const levelOf = (...entry: Parameters<typeof written>) => written(...entry)?.[0]

describe('the log of KafkaJS', () => {
  test.each([
    [ERROR, 'error'],
    [WARN, 'warn'],
    [INFO, 'debug'],
    [DEBUG, 'debug']
  ])('level %i is written as %s with its fields', (level, name) => {
    const fields = { kafkajs: 'Connection', broker: 'kafka:9092' }
    expect(written(level, 'Something', { broker: 'kafka:9092' })).toEqual([name, fields, 'Something'])
  })

  test('an error that is retried is a warning', () => {
    const error = 'The group coordinator is not available'
    expect(written(ERROR, 'Response GroupCoordinator(key: 10, version: 2)', { error })).toEqual([
      'warn',
      { kafkajs: 'Connection', error },
      'Response GroupCoordinator(key: 10, version: 2)'
    ])
    expect(levelOf(ERROR, 'Failed to connect to seed broker, trying another broker')).toBe('warn')
    expect(levelOf(ERROR, 'Response SaslAuthenticate(key: 36, version: 1)', { error: 'refused' })).toBe(
      'warn'
    )
  })

  test('a repeated text is logged once a minute, and otherwise as debug', () => {
    const write = opened()
    const gone = 'Connection error: connect ECONNREFUSED 10.0.0.1:9092'
    const at = (timestamp: string, text = gone) => write(ERROR, text, { timestamp })?.[0]
    expect(at('2026-01-01T00:00:00.000Z')).toBe('warn')
    expect(at('2026-01-01T00:00:59.999Z')).toBe('debug')
    expect(at('2026-01-01T00:00:59.999Z', gone.replace('10.0.0.1', '10.0.0.2'))).toBe('warn')
    expect(at('2026-01-01T00:01:00.000Z')).toBe('warn')
    const refused = { error: 'Not authorized to access group' }
    const commit = (timestamp: string) =>
      write(ERROR, 'Response OffsetCommit', { timestamp, ...refused })?.[0]
    expect(commit('2026-01-01T00:00:00.000Z')).toBe('error')
    expect(commit('2026-01-01T00:00:01.000Z')).toBe('debug')
  })

  test('errors that are plain objects are distinguished by their content', () => {
    const write = opened()
    const levels = [{ code: 7 }, { code: 7 }, { code: 8 }].map(
      error => write(ERROR, 'No leader', { error })?.[0]
    )
    expect(levels).toEqual(['error', 'debug', 'error'])
    const retried = { reason: 'The group coordinator is not available' }
    expect(levelOf(ERROR, 'Response GroupCoordinator', { error: retried })).toBe('warn')
  })

  test('the stack of a socket is left out', () => {
    const [, fields] = written(ERROR, 'Connection timeout', { stack: 'Error: …', broker: 'b:1' }) ?? []
    expect(fields).toEqual({ kafkajs: 'Connection', broker: 'b:1' })
  })

  test('a rebalance is logged as debug, whatever its level was', () => {
    const error = new Error('The group is rebalancing, so a rejoin is needed')
    expect(levelOf(ERROR, 'Response Heartbeat(key: 12, version: 3)', { error })).toBe('debug')
    expect(levelOf(WARN, 'The group is rebalancing, re-joining', { error })).toBe('debug')
  })

  test('a crash with a restart is a warning, any other an error', () => {
    expect(levelOf(ERROR, 'Crash: KafkaJSError: The group coordinator is not available')).toBe('warn')
    expect(levelOf(ERROR, 'Crash: KafkaJSNonRetriableError: Not authorized to access topics')).toBe('error')
  })

  test('the texts are those of the installed KafkaJS', () => {
    const folder = new URL('../../../../node_modules/kafkajs/src/', import.meta.url)
    const files = [
      'protocol/error.js',
      'network/connection.js',
      'cluster/brokerPool.js',
      'consumer/index.js',
      'broker/index.js',
      'broker/saslAuthenticator/plain.js'
    ]
    const source = files.map(file => readFileSync(new URL(file, folder), 'utf8')).join('\n')
    expect([...routineErrors, ...retriedErrors].filter(text => !source.includes(text))).toEqual([])
  })
})
