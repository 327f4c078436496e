import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { catalogueOf } from '../../../src/language/catalogue.ts'

const keys = [...catalogueOf('en').entries.keys()]
const source = globSync('{src,detectors}/**/*.ts')
  .map(path => readFileSync(path, 'utf8'))
  .join('\n')

const escaped = (text: string) => text.replaceAll('.', '\\.')

test('every text is used', () => {
  const literals = new Set([...source.matchAll(/'([a-z_]+[\w.]*)'/g)].map(([, key]) => key))
  // What is filled in may be anything: `by.${via}`.
  const patterns = [...source.matchAll(/`([a-z_]+\.[\w.]*)\$\{[^}]*\}([\w.]*)/g)].map(
    ([, start = '', end = '']) => new RegExp(`^${escaped(start)}[\\w.]*${escaped(end)}`)
  )
  const unused = keys.filter(key => !literals.has(key) && !patterns.some(pattern => pattern.test(key)))
  expect(unused).toEqual([])
})

test('every text that is named in the code is there', () => {
  const called = [...source.matchAll(/\b(?:t|phrase|english)\(\s*'([\w.]+)'/g)].map(([, key = '']) => key)
  expect(called.length).toBeGreaterThan(150)
  expect(called.filter(key => !keys.includes(key))).toEqual([])
})
