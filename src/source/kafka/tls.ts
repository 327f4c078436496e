import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { type ConnectionOptions, connect } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import { minuteMs } from '../../time/units.ts'

export interface TlsOptions {
  /** The authority to trust, in place of those that Node trusts. */
  readonly caFile?: string | undefined
  /** Our own certificate, for brokers that require one. */
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
  readonly passphrase?: string | undefined
  /** The name in the broker's certificate, if it is not the address. */
  readonly serverName?: string | undefined
  readonly rejectUnauthorized: boolean
}

const keepAliveMs = minuteMs

/** Opens KafkaJS's connections. Reads the files for each one, so that a renewed certificate is used. */
export function tlsSockets(tls: TlsOptions): ISocketFactory {
  return function open({ host, port, onConnect }) {
    const socket = connect({ host, port, ...identityOf(tls, host) }, onConnect)
    socket.setKeepAlive(true, keepAliveMs)
    return socket
  }
}

function identityOf(tls: TlsOptions, host: string): ConnectionOptions {
  const { caFile, certFile, keyFile, passphrase, serverName, rejectUnauthorized } = tls
  const name = serverName ?? (isIP(host) ? undefined : host)
  return {
    rejectUnauthorized,
    ...(name !== undefined && { servername: name }),
    ...(caFile !== undefined && { ca: readFileSync(caFile) }),
    ...(certFile !== undefined && { cert: readFileSync(certFile) }),
    ...(keyFile !== undefined && { key: readFileSync(keyFile) }),
    ...(passphrase !== undefined && { passphrase })
  }
}
