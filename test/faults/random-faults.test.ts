import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startBroker } from '../../src/demo/broker/broker.ts'
import { describeWithOwnBroker } from '../support/kafka.ts'
import { temporaryFolder } from '../support/program.ts'
import { playChapter } from './random/chapter.ts'
import type { Finding } from './random/verify.ts'

const done = [
  'instance killed behind an insert',
  'store killed',
  'instance paused beyond its session',
  'receivers fail'
]

describeWithOwnBroker('random faults', () => {
  test('leave every value right and every notification told once', async ({ onTestFinished }) => {
    const broker = await startBroker({ dir: await temporaryFolder(onTestFinished) })
    onTestFinished(broker.stop)
    const findings: Finding[] = []
    const totals = await playChapter({
      seed: 42,
      rounds: done.length,
      faults: done,
      broker,
      instances: 2,
      wait: ms => sleep(ms),
      onRound: () => {},
      note: finding => findings.push(finding),
      keepLog: async () => {}
    })
    expect(findings).toEqual([])
    expect(totals.rounds).toBe(done.length)
    expect(totals.windows).toBeGreaterThan(90)
    expect(totals.notifications).toBeGreaterThan(0)
  })
})
