// A member of a group as a process of its own, to be paused. Arguments: bootstrap, group, topic. Writes the number of
// partitions it is given, a line for each time it joins.
import kafkajs from 'kafkajs'
import { createOneOwnerAssigner, createOwnership } from '../../src/source/kafka/assigner.ts'
import { wallClock } from '../../src/telemetry/clock.ts'

const [bootstrap = '', groupId = '', topic = ''] = process.argv.slice(2)
const ownership = createOwnership(wallClock)
const consumer = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING }).consumer({
  groupId,
  partitionAssigners: [
    createOneOwnerAssigner({
      ownership,
      instance: () => ({ name: 'paused', host: '', port: 8080 }),
      clock: wallClock
    })
  ],
  sessionTimeout: 6_000,
  heartbeatInterval: 200,
  maxWaitTimeInMs: 100
})
consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
  ownership.joined(memberAssignment)
  process.stdout.write(`${memberAssignment[topic]?.length ?? 0}\n`)
})
process.once('SIGTERM', () => void consumer.disconnect())
await consumer.connect()
await consumer.subscribe({ topic, fromBeginning: true })
await consumer.run({ autoCommit: false, eachMessage: async () => {} })
