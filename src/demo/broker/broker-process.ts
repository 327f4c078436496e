import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { minuteMs } from '../../time/units.ts'

/** Of a broker that neither serves nor ends: a machine with much else to do takes a minute and more. */
const startTimeoutMs = 5 * minuteMs

export interface Launch {
  /** Arguments of `java` before the main class. */
  readonly java: readonly string[]
  /** The path of server.properties. */
  readonly properties: string
  /** `host:port` */
  readonly bootstrap: string
  /** The file that its output goes to. */
  readonly logPath: string
}

/**
 * Starts Kafka's Java process, which ends with ours, and resolves when it serves clients and its group coordinator.
 * Rejects with the end of its log where it ends, or does not serve within five minutes.
 */
export async function launchBroker({ java, properties, bootstrap, logPath }: Launch): Promise<ChildProcess> {
  const log = openSync(logPath, 'a')
  const started = spawn('java', [...java, 'kafka.Kafka', properties], { stdio: ['ignore', log, log] })
  closeSync(log)
  const killWithUs = () => started.kill('SIGKILL')
  process.once('exit', killWithUs)
  started.once('exit', () => process.off('exit', killWithUs))
  try {
    await served(started, bootstrap)
  } catch (cause) {
    started.kill('SIGKILL')
    const text = await readFile(logPath, 'utf8')
    throw new Error(`Kafka did not start at ${bootstrap}:\n${text.slice(-2_000)}`, { cause })
  }
  return started
}

/** Ends it as an operator does; kills it where that takes longer. */
export async function stopBroker(child: ChildProcess, timeoutMs: number): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGCONT')
  child.kill('SIGTERM')
  const forced = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  await ended
  clearTimeout(forced)
}

export const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

// The group coordinator comes up after the broker: a client that is asked for it before sees errors of its start.
async function served(child: ChildProcess, bootstrap: string): Promise<void> {
  const deadline = AbortSignal.timeout(startTimeoutMs)
  for (;;) {
    if (hasEnded(child)) throw new Error(`java ended with ${child.exitCode ?? child.signalCode}`)
    const fault = await answers(bootstrap)
    if (fault === undefined) return
    if (deadline.aborted) throw fault
    await sleep(100)
  }
}

async function answers(bootstrap: string): Promise<unknown> {
  const kafka = new kafkajs.Kafka({
    brokers: [bootstrap],
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    retry: { retries: 2, initialRetryTime: 50 }
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    await admin.fetchOffsets({ groupId: 'is-the-coordinator-up' })
    return undefined
  } catch (fault) {
    return fault
  } finally {
    await admin.disconnect()
  }
}
