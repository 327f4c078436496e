import { once } from 'node:events'
import { access, cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasEnded, launchBroker, stopBroker } from './broker-process.ts'
import { freePort } from './free-port.ts'
import { formatRecords, preparedKafka } from './prepared.ts'
import { host, type ServerOptions, serverProperties } from './server-properties.ts'

const stopTimeoutMs = 20_000

/** `dir` is kept, so that a later start finds its records again; it holds the configuration and the log too. */
export interface BrokerOptions extends ServerOptions {
  /** A free one where it is not given. */
  readonly port?: number
  /** Users of SCRAM-SHA-256 and SCRAM-SHA-512 with their passwords, made when the records' folder is. */
  readonly scramUsers?: Readonly<Record<string, string>>
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
  const { dir, scramUsers } = options
  const { java, formatted } = await preparedKafka()
  const bootstrap = `${host}:${options.port ?? (await freePort())}`
  const addresses: Record<string, string> = {}
  for (const name of Object.keys(options.listeners ?? {})) addresses[name] = `${host}:${await freePort()}`
  const properties = join(dir, 'server.properties')
  const records = join(dir, 'records')
  await mkdir(dir, { recursive: true })
  await writeFile(
    properties,
    serverProperties(options, { PLAINTEXT: bootstrap, ...addresses }, await freePort())
  )
  if (!(await exists(join(records, 'meta.properties')))) {
    if (scramUsers) await formatRecords(java, properties, scramArguments(scramUsers))
    else await cp(formatted, records, { recursive: true })
  }

  const launch = () => launchBroker({ java, properties, bootstrap, logPath: join(dir, 'broker.log') })
  let child = await launch()

  const stop = () => stopBroker(child, stopTimeoutMs)
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

const scramArguments = (users: Readonly<Record<string, string>>) =>
  Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap(mechanism => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`
    ])
  )

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false
  )
