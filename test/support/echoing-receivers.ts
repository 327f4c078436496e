import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { OnTestFinished } from './program.ts'

/** Receivers that take nothing, and answer with all that they were told: addresses, headers, bodies and logins. */
export interface EchoingReceivers {
  /** Of the HTTP server, such as `http://127.0.0.1:4000`. */
  readonly url: string
  readonly smtpPort: number
  /** All that was sent to the HTTP server. */
  readonly bodies: readonly string[]
  /** The logins that were tried by SMTP. */
  readonly logins: number
}

export async function openEchoingReceivers(onTestFinished: OnTestFinished): Promise<EchoingReceivers> {
  const bodies: string[] = []
  const sockets = new Set<Socket>()
  const counted = { logins: 0 }
  const http = createHttpServer(async (request, response) => {
    const body = await text(request)
    bodies.push(body)
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end(echoOf(request, body))
  })
  const smtp = createTcpServer(socket => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.write('220 echo\r\n')
    socket.on('data', bytes => {
      for (const line of bytes.toString().split('\r\n').filter(Boolean)) {
        if (/^AUTH/i.test(line)) counted.logins += 1
        socket.write(smtpAnswer(line))
      }
    })
  })
  for (const server of [http, smtp]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
    for (const socket of sockets) socket.destroy()
    smtp.close()
  })
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${portOf(http)}`,
    smtpPort: portOf(smtp),
    bodies,
    get logins() {
      return counted.logins
    }
  }
}

function echoOf({ url, headers }: IncomingMessage, body: string): string {
  return JSON.stringify({ ok: false, error: `no: ${headers.authorization ?? ''} ${url} ${body}` })
}

function smtpAnswer(line: string): string {
  if (/^(EHLO|HELO)/i.test(line)) return '250-echo\r\n250 AUTH PLAIN LOGIN\r\n'
  if (!/^AUTH/i.test(line)) return '250 ok\r\n'
  const login = line.split(' ').at(-1) ?? ''
  return `535 5.7.8 no: ${line} ${Buffer.from(login, 'base64').toString().replaceAll('\0', ' ')}\r\n`
}
