import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const megabyte = 1024 * 1024

/** What a fresh process prints of how large its young generation is, in bytes. */
function youngSizes(script: string): number[] {
  const all = `import { getHeapSpaceStatistics } from 'node:v8'
    import { setImmediate } from 'node:timers/promises'
    import { keepHeapSmall } from './src/small-heap.ts'
    const kept = []
    async function work() {
      for (let at = 0; at < 3_000_000; at++) {
        kept.push({ at, list: [at] })
        if (at % 10_000 === 0) await setImmediate()
      }
    }
    async function workOnFew() {
      for (let at = 0; at < 300_000; at++) kept[at % 20_000] = { at, list: [at] }
      await setImmediate()
    }
    const youngSize = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size
    const print = () => console.log(youngSize())
    ${script}`
  const cwd = new URL('../..', import.meta.url)
  const printed = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', all], { cwd })
  return String(printed).trim().split('\n').map(Number)
}

test('the young generation stays at 32 MB, which it would outgrow', () => {
  const [unbound] = youngSizes('await work(); print()')
  expect(unbound).toBeGreaterThan(32 * megabyte)
  expect(youngSizes('keepHeapSmall(); await work(); print()')).toEqual([32 * megabyte])
})

test('the young generation grows to 32 MB again where V8 has shrunk it', () => {
  const script = `keepHeapSmall()
    gc({ type: 'major', flavor: 'last-resort' })
    print()
    for (let round = 0; round < 300 && youngSize() < 32 * 1024 * 1024; round++) await workOnFew()
    print()`
  expect(youngSizes(script)).toEqual([megabyte, 32 * megabyte])
})
