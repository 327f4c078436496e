// Loaded with --import into a process that reads with KafkaJS, in any of its threads: when the first batch is handed
// over, it writes the time and what the process has used so far to BENCH_FIRST. In plain JavaScript, and with what the program
// keeps of what it has compiled: a start is what is measured.
import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { threadId } from 'node:worker_threads'

const { BENCH_FIRST: path } = process.env
if (process.argv[1]?.endsWith('src/cartwatch.js'))
  enableCompileCache(
    fileURLToPath(new URL('../../node_modules/.cache/cartwatch-compiled/run', import.meta.url))
  )
const { default: kafkajs } = await import('kafkajs')
const { consumer } = kafkajs.Kafka.prototype
let isNoted = false

function note() {
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
  const run = ({ eachBatch, ...options } = {}) =>
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
