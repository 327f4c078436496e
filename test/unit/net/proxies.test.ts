import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { proxiesOf, proxyProblems } from '../../../src/net/proxies.ts'

describe("the environment's proxies", () => {
  test('HTTPS_PROXY defaults to HTTP_PROXY, and blank is none', () => {
    expect(proxiesOf({ HTTP_PROXY: 'http://p:3128' })).toEqual({
      httpProxy: 'http://p:3128/',
      httpsProxy: 'http://p:3128/',
      noProxy: ''
    })
    expect(proxiesOf({ HTTP_PROXY: ' ', HTTPS_PROXY: 'p:80', no_proxy: 'a', NO_PROXY: 'b' })).toEqual({
      httpProxy: undefined,
      httpsProxy: 'http://p/',
      noProxy: 'a'
    })
  })

  test('a variable that names no proxy is an error without its value', () => {
    const env = { HTTPS_PROXY: 'socks5://user:secret@p:1080', HTTP_PROXY: 'http://' }
    expect(proxyProblems(env).map(({ name }) => name)).toEqual(['HTTP_PROXY', 'HTTPS_PROXY'])
    const loaded = loadConfig({ env: { HTTPS_PROXY: 'ftp://p' }, path: 'c.yaml', readFile: () => '' })
    expect(loaded).toMatchObject({
      ok: false,
      errors: [
        {
          place: 'environment variable HTTPS_PROXY',
          message: 'is no address of a proxy; expected such as http://proxy.example:3128'
        }
      ]
    })
  })
})
