import { hostname } from 'node:os'
import type { Config } from '../../config/schema.ts'
import type { InstanceAddress } from '../../source/kafka/member.ts'

/** Hosts that mean all addresses of a machine: nothing can be asked there. */
export const anyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::', '::0'])

export interface OwnInstance {
  readonly name: string
  /** Where its operations port is asked; the configured port until it listens. */
  address(): InstanceAddress
  listens(url: string): void
}

/** Where an operations port is asked. */
export const urlOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

/** This process, under a name that is unique as long as host names are. */
export function ownInstance({ http }: Pick<Config, 'http'>): OwnInstance {
  const name = `${hostname()}:${process.pid}`
  const host = anyAddress.has(http.host) ? '' : http.host
  let { port } = http
  return {
    name,
    address: () => ({ name, host, port }),
    listens(url) {
      port = Number(new URL(url).port || 80)
    }
  }
}
