import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { type ConnectionOptions, connect } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import { minuteMs } from '../../time/units.ts'

export interface TlsOptions {
  /** Of the authority that is trusted, instead of those that Node trusts by itself. */
  readonly caFile?: string | undefined
  /** Our own, for brokers that want one. */
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
  readonly passphrase?: string | undefined
  /** The name that the broker's certificate must be for, where it is not the address. */
  readonly serverName?: string | undefined
  readonly rejectUnauthorized: boolean
}

const keepAliveMs = minuteMs

/** Opens the connections of KafkaJS. The files are read for each, so that a certificate that was renewed is taken. */
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
