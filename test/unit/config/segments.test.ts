import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'

const segmentsOf = (source: string) => {
  const loaded = loadConfig({ path: 'cartwatch.yaml', env: {}, readFile: () => source })
  return loaded.ok ? loaded.config.segments : loaded.errors.map(({ path, message }) => `${path}: ${message}`)
}

test('of fewer dimensions only those are watched that there are', () => {
  expect(segmentsOf('segments: { dimensions: [country, shipping.method] }')).toMatchObject({
    dimensions: ['country', 'shipping.method'],
    watch: ['country']
  })
})

test('a dimension that is asked to be watched has to be one', () => {
  expect(segmentsOf('segments: { dimensions: [country], watch: [country, category] }')).toEqual([
    'segments.watch[1]: is "category"; expected one of the dimensions or combinations: country'
  ])
})
