import { hostname } from 'node:os'
import type { Config } from '../../config/schema.ts'
import type { InstanceAddress } from '../../source/kafka/member.ts'

/** Hosts that stand for every address of a machine, and are none to be asked at. */
export const anyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::', '::0'])

export interface OwnInstance {
  readonly name: string
  /** Where it is asked; the port is that of the configuration until it listens. */
  address(): InstanceAddress
  listens(url: string): void
}

/** Where an operations port is asked. */
export const urlOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

/** This process, by a name that no other has on this machine, nor on another of another name. */
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
