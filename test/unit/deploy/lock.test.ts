import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'))
const lock: {
  packages: Record<string, { integrity?: string; resolved?: string; link?: boolean; dev?: boolean }>
} = read('package-lock.json')
const packages = Object.entries(lock.packages).filter(([path]) => path !== '')

/** The registry has these no more: they are the embedded engine of machines that the tests do not run on. */
const withoutIntegrity = [
  'node_modules/@chdb/lib-darwin-arm64',
  'node_modules/@chdb/lib-darwin-x64',
  'node_modules/@chdb/lib-linux-arm64-gnu'
]

test('npm can check every package that it installs', () => {
  const unchecked = packages.filter(([, { integrity, link }]) => !integrity && !link).map(([path]) => path)
  expect(unchecked).toEqual(withoutIntegrity)
})

test('the lock names no registry, so that each installs from its own', () => {
  expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
})

test('no more than 115 packages run in production', () => {
  const inProduction = packages.filter(([, one]) => !('dev' in one) && !('devOptional' in one))
  expect(inProduction.length).toBeLessThanOrEqual(115)
})
