import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { preparedKafka } from '../../src/demo/broker/prepared.ts'

const timeoutMs = 60_000

/** Runs the main class of one of Kafka's own Java tools, such as `org.apache.kafka.tools.ConsoleProducer`. */
export async function runKafkaTool(mainClass: string, args: readonly string[], input = ''): Promise<string> {
  const { java } = await preparedKafka()
  const child = spawn('java', [...java, mainClass, ...args], { timeout: timeoutMs })
  const output: Buffer[] = []
  child.stdout.on('data', chunk => output.push(chunk))
  child.stderr.on('data', chunk => output.push(chunk))
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  const text = Buffer.concat(output).toString()
  if (code !== 0) throw new Error(`${mainClass} ended with ${code}:\n${text}`)
  return text
}
