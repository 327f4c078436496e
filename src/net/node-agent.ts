import type { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { Agent } from './node-http.ts'
import { proxiesOf } from './proxies.ts'

/** An agent for clients that are built on node:http, through the proxies of the environment; undefined where there is none. */
export function proxyingAgent(url: string, maxSockets: number): HttpAgent | undefined {
  const { httpProxy, httpsProxy, noProxy } = proxiesOf(process.env)
  const isSecure = new URL(url).protocol === 'https:'
  if ((isSecure ? httpsProxy : httpProxy) === undefined) return undefined
  const proxyEnv = { HTTP_PROXY: httpProxy, HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy }
  const options = { keepAlive: true, maxSockets, proxyEnv }
  return isSecure ? new HttpsAgent(options) : new Agent(options)
}
