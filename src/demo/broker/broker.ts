import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import kafkajs from 'kafkajs'
import { minuteMs } from '../../time/units.ts'
import { freePort } from './free-port.ts'
import { kafkaClassPath } from './jars.ts'

const run = promisify(execFile)
const host = '127.0.0.1'
/** Of a broker that neither serves nor ends: a machine with much else to do takes a minute and more. */
const startTimeoutMs = 5 * minuteMs
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
  /** Beside the plain one, by name, each on a free port of its own. */
  readonly listeners?: Readonly<Record<string, Listener>>
  /** Users of SCRAM-SHA-256 and SCRAM-SHA-512 with their passwords, made when the records' folder is. */
  readonly scramUsers?: Readonly<Record<string, string>>
}

export interface Listener {
  readonly protocol: 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL'
  /** Lines of server.properties for this listener, without its prefix. */
  readonly config: Readonly<Record<string, string>>
}

export interface Broker {
  /** `host:port` */
  readonly bootstrap: string
  /** `host:port` of each further listener, by name. */
  readonly addresses: Readonly<Record<string, string>>
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
 * with the end of the broker's log where it ends, or does not serve within five minutes.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const classPath = await kafkaClassPath()
  const bootstrap = `${host}:${options.port ?? (await freePort())}`
  const addresses: Record<string, string> = {}
  for (const name of Object.keys(options.listeners ?? {})) addresses[name] = `${host}:${await freePort()}`
  const properties = join(options.dir, 'server.properties')
  await mkdir(options.dir, { recursive: true })
  await writeFile(
    properties,
    serverProperties(options, { PLAINTEXT: bootstrap, ...addresses }, await freePort())
  )
  const java = [...jvmFlags, '-Dorg.apache.logging.log4j.level=WARN', '-cp', classPath]
  if (!(await exists(join(options.dir, 'records', 'meta.properties')))) {
    const format = ['format', '-t', clusterId, '-c', properties, ...scramArguments(options.scramUsers ?? {})]
    await run('java', [...java, 'kafka.tools.StorageTool', ...format])
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
    addresses,
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
function serverProperties(
  options: BrokerOptions,
  addresses: Readonly<Record<string, string>>,
  controllerPort: number
): string {
  const { listeners = {} } = options
  const served = Object.entries(addresses).map(([name, address]) => `${name}://${address}`)
  const protocols = Object.entries(listeners).map(([name, { protocol }]) => `${name}:${protocol}`)
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${host}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: [...served, `CONTROLLER://${host}:${controllerPort}`].join(),
    'advertised.listeners': served.join(),
    'listener.security.protocol.map': ['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT', ...protocols].join(),
    'inter.broker.listener.name': 'PLAINTEXT',
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
    ...Object.fromEntries(Object.entries(listeners).flatMap(listenerProperties)),
    ...options.config
  }
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

const listenerProperties = ([name, { config }]: readonly [string, Listener]) =>
  Object.entries(config).map(([key, value]) => [`listener.name.${name.toLowerCase()}.${key}`, value] as const)

const scramArguments = (users: Readonly<Record<string, string>>) =>
  Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap(mechanism => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`
    ])
  )

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
