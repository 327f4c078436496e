import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import kafkajs from 'kafkajs'
import { freePort } from './free-port.ts'
import { kafkaClassPath } from './jars.ts'

const run = promisify(execFile)
const startTimeoutMs = 60_000
const stopTimeoutMs = 20_000
const clusterId = 'Y2FydHdhdGNoLXRlc3RzMA'
const jvmFlags = ['-Xms64m', '-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto']

export interface BrokerOptions {
  /** The broker's own folder: configuration, log and records; kept, so that a later start finds its records again. */
  readonly dir: string
  /** A free one where it is not given. */
  readonly port?: number
  /** Lines of server.properties that go after ours. */
  readonly config?: Readonly<Record<string, string | number>>
}

export interface Broker {
  /** `host:port` */
  readonly bootstrap: string
  /** Of the Java process that runs now. */
  readonly pid: number
  stop(): Promise<void>
  /** SIGKILL resolves when the process is gone. */
  kill(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void>
  /** Starts again at the same address with the same records, after a stop first where it still runs. */
  restart(): Promise<void>
}

/**
 * Starts one real single-node Kafka (KRaft) and resolves when it serves clients and its group coordinator. Rejects
 * with the end of the broker's log where it does not within a minute.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const classPath = await kafkaClassPath()
  const port = options.port ?? (await freePort())
  const bootstrap = `127.0.0.1:${port}`
  const properties = join(options.dir, 'server.properties')
  await mkdir(options.dir, { recursive: true })
  await writeFile(properties, serverProperties(options, port, await freePort()))
  const java = [...jvmFlags, '-Dorg.apache.logging.log4j.level=WARN', '-cp', classPath]
  if (!(await exists(join(options.dir, 'records', 'meta.properties')))) {
    await run('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties])
  }

  let child = await launch()

  async function launch(): Promise<ChildProcess> {
    const log = openSync(join(options.dir, 'broker.log'), 'a')
    const started = spawn('java', [...java, 'kafka.Kafka', properties], { stdio: ['ignore', log, log] })
    closeSync(log)
    const killWithUs = () => started.kill('SIGKILL')
    process.once('exit', killWithUs)
    started.once('exit', () => process.off('exit', killWithUs))
    try {
      await served(started, bootstrap)
    } catch (cause) {
      started.kill('SIGKILL')
      const log = await readFile(join(options.dir, 'broker.log'), 'utf8')
      throw new Error(`Kafka did not start at ${bootstrap}:\n${log.slice(-2_000)}`, { cause })
    }
    return started
  }

  async function stop(): Promise<void> {
    if (hasEnded(child)) return
    const ended = once(child, 'exit')
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    const forced = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    await ended
    clearTimeout(forced)
  }

  return {
    bootstrap,
    get pid() {
      return child.pid as number
    },
    stop,
    async kill(signal) {
      if (hasEnded(child)) return
      const ended = once(child, 'exit')
      child.kill(signal)
      if (signal === 'SIGKILL') await ended
    },
    async restart() {
      await stop()
      child = await launch()
    }
  }
}

// A record keeps its event's time as its timestamp, often a day long past: nothing may be deleted for its age. The
// registration of a killed broker must expire before it may register again: 9 s by default.
function serverProperties(options: BrokerOptions, port: number, controllerPort: number): string {
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': join(options.dir, 'records'),
    'log.retention.ms': -1,
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    ...options.config
  }
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

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

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false
  )
