import { expect, test } from 'vitest'
import { checkConnections } from '../../src/run/assembly/checks/connections.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { configOf } from '../support/configs.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'

describeWithKafka('check-config --connect', () => {
  const kafka = useKafka()
  const asked = async (topics: readonly string[]) => {
    const source = `kafka: { brokers: "${kafka.bootstrap}", topics: [${topics.join(', ')}] }\n`
    return (await checkConnections(configOf(source), wallClock))[0]
  }

  test('says how many partitions each topic has', async () => {
    const topics = [await kafka.createTopic({ partitions: 3 }), await kafka.createTopic({ partitions: 1 })]
    const answer = `${topics[0]} has 3 partitions, ${topics[1]} has 1 partition`
    expect(await asked(topics)).toEqual({ path: 'kafka', isReached: true, answer })
  })

  test('names a topic that is not there, and does not create it', async () => {
    const missing = uniqueName('none')
    const answer = `there is no topic ${missing}, or we may not see it (kafka.topics)`
    expect(await asked([missing])).toEqual({ path: 'kafka', isReached: false, answer })
    expect(await kafka.admin.listTopics()).not.toContain(missing)
  })
})
