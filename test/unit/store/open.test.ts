import { expect, test } from 'vitest'
import { openStore } from '../../../src/store/open.ts'

test.each(['localhost:8123', 'clickhouse://x', 'http://', 'not an address'])(
  'the address %j is refused without being shown',
  async url => {
    await expect(openStore({ url, folder: '/none', timeoutMs: 1_000 })).rejects.toMatchObject({
      message: 'The address of ClickHouse must be like http://localhost:8123',
      retryable: false
    })
  }
)

test('credentials in the address are used and never shown', async () => {
  const store = await openStore({
    url: 'http://eve:hunter2%2Fsecret@127.0.0.1:1/',
    folder: '/none',
    timeoutMs: 5_000
  })
  await expect(store.ping()).rejects.toMatchObject({
    message: 'ClickHouse at http://127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1'
  })
  await store.close()
})
