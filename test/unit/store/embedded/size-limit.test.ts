import { expect, test } from 'vitest'
import { createSizeLimit } from '../../../../src/store/embedded/size-limit.ts'

const mib = 2 ** 20

test('rows are refused while the store is larger than it may be, as a server without space does, and measured once a minute', async () => {
  const store = { bytes: 10 * mib, asked: 0 }
  const clock = { ms: 0 }
  const queryAsync = async () => {
    store.asked++
    return { bytes: () => Buffer.from(`${store.bytes}\n`) }
  }
  const mayInsert = createSizeLimit({ queryAsync } as never, 10 * mib, () => clock.ms)
  expect(await mayInsert()).toBeUndefined()
  store.bytes = 11 * mib
  clock.ms = 59_999
  expect(await mayInsert()).toBeUndefined()
  clock.ms = 60_000
  expect(await mayInsert()).toEqual({
    status: 500,
    code: 243,
    body: 'Code: 243. DB::Exception: The embedded store has 11 MiB, and store.max_size is 10 MiB: raise it, or shorten store.retention. (NOT_ENOUGH_SPACE)\n'
  })
  store.bytes = 9 * mib
  clock.ms = 120_000
  expect(await mayInsert()).toBeUndefined()
  expect(store.asked).toBe(3)
})
