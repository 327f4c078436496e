import { describe, expect, test } from 'vitest'
import type { Channel } from '../../../src/delivery/channel.ts'
import { deliveryTo, never, recordOf, retry, stored } from '../../support/delivery.ts'

describe('stop', () => {
  test('sends what was not tried yet, stores the outcomes, and leaves the rest pending', async () => {
    const { clock, log, delivery } = deliveryTo({ slack: [retry] })
    delivery.enqueue([recordOf({ id: 'a' })], stored)
    await clock.advance(0)
    delivery.enqueue([recordOf({ id: 'b', receiver: 'revenue' })], never)
    let ended = false
    void delivery.stop(5_000).then(() => {
      ended = true
    })
    await clock.advance(1_999)
    expect(ended).toBe(false)
    await clock.advance(1)
    expect({ ended, log, waiting: delivery.waiting() }).toEqual({
      ended: true,
      log: ['0 slack trigger a', '2 revenue trigger b'],
      waiting: 1
    })
  })

  test('ends in time, whatever hangs', async () => {
    const { clock, delivery, channels, reload } = deliveryTo()
    const hanging: Channel = { ...(channels.get('slack') as Channel), send: () => new Promise(() => {}) }
    reload(new Map([['slack', hanging]]))
    delivery.enqueue([recordOf()], stored)
    let ended = false
    void delivery.stop(3_000).then(() => {
      ended = true
    })
    await clock.advance(2_999)
    expect(ended).toBe(false)
    await clock.advance(1)
    expect(ended).toBe(true)
  })

  test('lets nothing be sent after it', async () => {
    const { clock, log, delivery } = deliveryTo()
    void delivery.stop()
    delivery.enqueue([recordOf()], stored)
    await clock.advance(60_000)
    expect(log).toEqual([])
  })
})

test('forget drops what waits, and takes it again later', async () => {
  const { clock, log, delivery } = deliveryTo({ slack: [retry] })
  delivery.enqueue([recordOf({ id: 'a' })], stored)
  await clock.advance(0)
  delivery.forget()
  await clock.advance(60_000)
  expect({ log, waiting: delivery.waiting() }).toEqual({ log: ['0 slack trigger a'], waiting: 0 })
  delivery.enqueue([recordOf({ id: 'a' })], stored)
  await clock.advance(0)
  expect(log).toEqual(['0 slack trigger a', '60 slack trigger a'])
})

test('forget keeps a message about the pipeline itself, which no other instance has', async () => {
  const { clock, log, delivery } = deliveryTo()
  delivery.enqueue([recordOf({ id: 'stall', kind: 'pipeline_stalled' }), recordOf({ id: 'shop' })], never)
  delivery.forget()
  expect(delivery.waiting()).toBe(1)
  await clock.advance(2_000)
  expect(log).toEqual(['2 slack trigger stall'])
})
