import { describe, expect, test } from 'vitest'
import type { SendResult } from '../../../src/delivery/channel.ts'
import { createCircuitBreaker } from '../../../src/delivery/circuit-breaker.ts'
import { epoch } from '../../support/alerts.ts'
import { gone, retry, sentAs } from '../../support/delivery.ts'
import { createManualClock } from '../../support/manual-clock.ts'

const retryAfter: SendResult = { kind: 'retry', answer: '429', retryAfterMs: 1_000 }

/** A circuit breaker that opens after two failures for a minute. */
function setUp() {
  const clock = createManualClock(epoch)
  const breaker = createCircuitBreaker({ failures: 2, pauseMs: 60_000 }, clock)
  const stateAfter = async (...results: readonly SendResult[]) => {
    for (const result of results) await breaker.run(async () => result)
    return [breaker.state(clock.now()), breaker.waitMs(clock.now())]
  }
  return { clock, breaker, stateAfter }
}

describe('a circuit breaker', () => {
  test('opens after failures in a row only', async () => {
    const { stateAfter } = setUp()
    expect(await stateAfter(retry, sentAs(undefined), retry)).toEqual(['closed', 0])
    expect(await stateAfter(retry)).toEqual(['open', 60_000])
  })

  test.each([
    ['a refusal', gone],
    ['a Retry-After', retryAfter],
    ['a mail that only some recipients took', { ...retry, isOfPart: true } as const]
  ])('does not count %s as a failure', async (_, result) => {
    expect(await setUp().stateAfter(retry, result, retry)).toEqual(['closed', 0])
  })

  test('counts a send that throws, and throws too', async () => {
    const { breaker, stateAfter } = setUp()
    const failing = async () => {
      throw new Error('broken pipe')
    }
    await expect(breaker.run(failing)).rejects.toThrow('broken pipe')
    expect(await stateAfter(retry)).toEqual(['open', 60_000])
  })

  test('lets one message through after its pause, which closes it', async () => {
    const { clock, breaker, stateAfter } = setUp()
    await stateAfter(retry, retry)
    await clock.advance(59_999)
    expect([breaker.state(clock.now()), breaker.waitMs(clock.now())]).toEqual(['open', 1])
    await clock.advance(1)
    expect([breaker.state(clock.now()), breaker.waitMs(clock.now())]).toEqual(['half_open', 0])
    expect(await stateAfter(sentAs(undefined))).toEqual(['closed', 0])
    expect(await stateAfter(retry)).toEqual(['closed', 0])
  })

  test('opens again for the same pause if that message fails', async () => {
    const { clock, stateAfter } = setUp()
    await stateAfter(retry, retry)
    await clock.advance(60_000)
    expect(await stateAfter(retry)).toEqual(['open', 60_000])
    await clock.advance(60_000)
    expect(await stateAfter(sentAs(undefined))).toEqual(['closed', 0])
  })
})
