import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'

interface LockEntry {
  readonly version?: string
  readonly optional?: boolean
  readonly dev?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const lock = JSON.parse(readFileSync(new URL('../../../../package-lock.json', import.meta.url), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockEntry>>
}
const chdb = createRequire(import.meta.url)('chdb/package.json') as {
  readonly optionalDependencies: Readonly<Record<string, string>>
}

// Without an entry `npm ci` fails with EUSAGE on every platform, once a registry has the package.
test.each([
  ['@chdb/lib-darwin-arm64', 'darwin', 'arm64'],
  ['@chdb/lib-darwin-x64', 'darwin', 'x64'],
  ['@chdb/lib-linux-arm64-gnu', 'linux', 'arm64'],
  ['@chdb/lib-linux-x64-gnu', 'linux', 'x64']
])('the lock file has an entry for %s', (name, os, cpu) => {
  expect(lock.packages[`node_modules/${name}`]).toMatchObject({
    version: chdb.optionalDependencies[name],
    optional: true,
    dev: true,
    os: [os],
    cpu: [cpu]
  })
})

test('the lock file has an entry for every optional dependency of every package', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      name => !(`${path}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages)
    )
  )
  expect(missing).toEqual([])
})
