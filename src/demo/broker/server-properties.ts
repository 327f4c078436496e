import { join } from 'node:path'

export const host = '127.0.0.1'

export interface Listener {
  readonly protocol: 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL'
  /** Lines of server.properties for this listener, without its prefix. */
  readonly config: Readonly<Record<string, string>>
}

export interface ServerOptions {
  /** The broker's own folder: its records lie in `records`. */
  readonly dir: string
  /** Lines of server.properties that go after ours. */
  readonly config?: Readonly<Record<string, string | number>>
  /** Beside the plain one, by name, each on a free port of its own. */
  readonly listeners?: Readonly<Record<string, Listener>>
}

/**
 * The text of server.properties; `addresses`: `host:port` of each listener, by name.
 *
 * A record keeps its event's time as its timestamp, often a day long past: nothing may be deleted for its age. The
 * registration of a killed broker must expire before it may register again: 9 s by default.
 */
export function serverProperties(
  options: ServerOptions,
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
