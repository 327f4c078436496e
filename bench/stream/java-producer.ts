import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { preparedKafka } from '../../src/demo/broker/prepared.ts'
import type { Line } from './shop-events.ts'

const batchBytes = 250_000
/** Lines written at once. */
const linesTogether = 1_000

/** Sends lines by Kafka's own producer, in batches as it writes them. Rejects with what it said where it fails. */
export async function sendByJava(
  to: { readonly bootstrap: string; readonly topic: string; readonly codec: string },
  lines: Iterable<Line>
): Promise<void> {
  const { java } = await preparedKafka()
  const options = {
    '--bootstrap-server': to.bootstrap,
    '--topic': to.topic,
    '--compression-codec': to.codec,
    '--batch-size': `${batchBytes}`,
    '--timeout': '50'
  }
  const keyed = ['--property', 'parse.key=true', '--property', 'key.separator=\t']
  const tool = 'org.apache.kafka.tools.ConsoleProducer'
  const child = spawn('java', [...java, tool, ...Object.entries(options).flat(), ...keyed])
  let said = ''
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000)
    })
  const closed = once(child, 'close')
  await pipeline(Readable.from(chunksOf(lines)), child.stdin)
  const [code] = await closed
  if (code !== 0) throw new Error(`${tool} ended with ${code}:\n${said}`)
}

function* chunksOf(lines: Iterable<Line>): Generator<string> {
  let chunk: string[] = []
  for (const { key, value } of lines) {
    chunk.push(`${key}\t${value}\n`)
    if (chunk.length < linesTogether) continue
    yield chunk.join('')
    chunk = []
  }
  yield chunk.join('')
}
