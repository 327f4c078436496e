import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../../config/schema.ts'
import { createAddressList } from '../address-list.ts'

const isLoopbackAddress = createAddressList(['127.0.0.0/8', '::1'])

/** `localhost`, 127.0.0.1, [::1]: names that lead to this machine wherever they are asked. */
const isLoopbackName = (host: string): boolean => {
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
  return name === 'localhost' || (isIP(name) !== 0 && isLoopbackAddress(name))
}

/**
 * The API is open without signing in where only this machine can reach it: on loopback, and nothing in the configuration
 * shows that a proxy or a tunnel leads here, which would look like this machine, too.
 */
export function isOpen(http: Config['http']): boolean {
  const { host, trustedProxies, publicUrl, userHeader, linkSecret, slackSigningSecret } = http
  const { pagerdutyWebhookSecret, apiToken, viewToken, password, viewPassword, intakeToken } = http
  const shown = [
    trustedProxies,
    publicUrl,
    userHeader,
    linkSecret,
    slackSigningSecret,
    pagerdutyWebhookSecret
  ]
  const secrets = [apiToken, viewToken, password, viewPassword, intakeToken]
  return isLoopbackName(host) && [...shown, ...secrets].every(one => one === null)
}

const forwarding = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

/**
 * It comes from this machine, and a page of another site has not sent it: such a page can lead its own name to 127.0.0.1,
 * and then the request still says that name.
 */
export function isOfThisMachine({ socket, headers }: FastifyRequest): boolean {
  return (
    isLoopbackAddress(socket.remoteAddress ?? '') &&
    isLoopbackName(headers.host ?? '') &&
    forwarding.every(name => headers[name] === undefined)
  )
}
