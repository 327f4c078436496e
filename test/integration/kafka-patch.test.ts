import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { describeWithKafka, useKafka } from '../support/kafka.ts'

describeWithKafka('a connection that has nothing to send', () => {
  const kafka = useKafka()
  const warnings: string[] = []
  const warned = (warning: Error) => warnings.push(warning.name)

  beforeEach(() => void process.on('warning', warned))
  afterEach(() => void process.off('warning', warned))

  test('schedules no timer of a millisecond or less, and Node warns of none', async () => {
    const admin = kafka.client().admin()
    await admin.connect()
    const timers = vi.spyOn(globalThis, 'setTimeout')
    await admin.listTopics()
    await admin.describeCluster()
    const delays = timers.mock.calls.map(([, delayMs]) => Number(delayMs))
    timers.mockRestore()
    await admin.disconnect()
    expect(delays.filter(delayMs => !(delayMs > 1))).toEqual([])
    expect(warnings).toEqual([])
  })
})
