type Env = Readonly<Record<string, string | undefined>>

/** How requests leave this machine. Each is an address such as `http://proxy.example:3128`, or undefined for none. */
export interface Proxies {
  readonly httpProxy: string | undefined
  readonly httpsProxy: string | undefined
  /** Hosts that are asked directly, as NO_PROXY lists them; `*` for all. */
  readonly noProxy: string
}

export const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const

/** The environment's proxies. The lower-case names come first, as curl has it. HTTPS_PROXY defaults to HTTP_PROXY. */
export function proxiesOf(env: Env): Proxies {
  const httpProxy = addressOf(variable(env, 'HTTP_PROXY'))
  return {
    httpProxy,
    httpsProxy: addressOf(variable(env, 'HTTPS_PROXY')) ?? httpProxy,
    noProxy: variable(env, 'NO_PROXY') ?? ''
  }
}

/** A sentence for each variable that names no proxy. The value stays out: it may hold a password. */
export const proxyProblems = (env: Env): readonly { readonly name: string; readonly message: string }[] =>
  (['HTTP_PROXY', 'HTTPS_PROXY'] as const)
    .filter(name => {
      const value = variable(env, name)
      return value !== undefined && addressOf(value) === undefined
    })
    .map(name => ({ name, message: 'is no address of a proxy; expected such as http://proxy.example:3128' }))

/** NO_PROXY with this machine in it: what runs here is not asked through a proxy. */
export const withoutLoopback = (env: Env): string =>
  [variable(env, 'NO_PROXY'), 'localhost', '127.0.0.1', '::1'].filter(Boolean).join(',')

const variable = (env: Env, name: string): string | undefined =>
  env[name.toLowerCase()]?.trim() || env[name]?.trim() || undefined

/** Without a scheme, a proxy is asked by HTTP. */
function addressOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const url = URL.parse(value.includes('://') ? value : `http://${value}`)
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url.href : undefined
}
