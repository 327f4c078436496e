// Loaded with --import into a process that reads with KafkaJS, in any of its threads: when the first batch is handed
// over, it writes the time and what the process has used so far to BENCH_FIRST.
import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { threadId } from 'node:worker_threads'
import kafkajs, { type ConsumerRunConfig } from 'kafkajs'

const { BENCH_FIRST: path } = process.env
const { consumer } = kafkajs.Kafka.prototype
let isNoted = false

function note(): void {
  if (isNoted || path === undefined) return
  isNoted = true
  const { user, system } = process.cpuUsage()
  const first = { at: performance.timeOrigin + performance.now(), cpuSeconds: (user + system) / 1e6 }
  const draft = `${path}.${threadId}`
  writeFileSync(draft, JSON.stringify(first))
  try {
    linkSync(draft, path)
  } catch {
    // Another thread was first.
  }
  rmSync(draft)
}

kafkajs.Kafka.prototype.consumer = function noting(config) {
  const made = consumer.call(this, config)
  const run = ({ eachBatch, ...options }: ConsumerRunConfig = {}) =>
    made.run({
      ...options,
      ...(eachBatch && {
        eachBatch(payload) {
          note()
          return eachBatch(payload)
        }
      })
    })
  return { ...made, run }
}
