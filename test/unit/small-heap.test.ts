import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const megabyte = 1024 * 1024

/** How large the young generation is, in bytes, once much has survived in it. */
function youngSize(before: string): number {
  const script = `import { getHeapSpaceStatistics } from 'node:v8'
    import { keepHeapSmall } from './src/small-heap.ts'
    ${before}
    const kept = []
    for (let at = 0; at < 3_000_000; at++) kept.push({ at, list: [at] })
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size)`
  const cwd = new URL('../..', import.meta.url)
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd }))
}

test('the young generation stays at 32 MB, which it would outgrow', () => {
  expect(youngSize('')).toBeGreaterThan(32 * megabyte)
  expect(youngSize('keepHeapSmall()')).toBe(32 * megabyte)
})
