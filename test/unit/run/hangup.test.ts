import { expect, test } from 'vitest'
import { holdHangup, onHangup } from '../../../src/hangup.ts'

test('a SIGHUP before anything can be reloaded ends nothing, and is acted on as soon as it can', ({
  onTestFinished
}) => {
  const before = process.listeners('SIGHUP')
  holdHangup()
  onTestFinished(() => {
    for (const listener of process.listeners('SIGHUP'))
      if (!before.includes(listener)) process.off('SIGHUP', listener)
  })
  let reloads = 0
  process.emit('SIGHUP')
  process.emit('SIGHUP')
  onHangup(() => {
    reloads += 1
  })
  expect(reloads).toBe(1)
  process.emit('SIGHUP')
  expect(reloads).toBe(2)
})
