import { expect, test } from 'vitest'
import { timeByPart } from '../../../bench/profile/summary.ts'

const root = 'file:///cartwatch'
const frame = (id: number, url: string, children: readonly number[] = [], functionName = 'f') => ({
  id,
  callFrame: { functionName, url },
  children
})
const nodes = [
  frame(1, '', [2, 6, 7, 8], '(root)'),
  frame(2, `${root}/src/source/kafka/consumer.ts`, [3, 5]),
  frame(3, `${root}/src/decode/decode.ts`, [4]),
  frame(4, 'node:buffer'),
  frame(5, `${root}/src/source/kafka/crc32c.ts`),
  frame(6, '', [], '(idle)'),
  frame(7, '', [], '(garbage collector)'),
  frame(8, `${root}/src/program.ts`)
]

test('a sample lasts until the next one, and what Node does is the time of who called it', () => {
  const times = timeByPart({ nodes, samples: [3, 4, 5, 2, 7], timeDeltas: [9, 10, 20, 30, 40, 50] })
  expect(Object.fromEntries(times)).toEqual({
    decode: 10 + 20,
    checksum: 30,
    'sockets and KafkaJS': 40,
    'garbage collection': 50
  })
})

test('what happens before an event is decoded is the start, and waiting is no time', () => {
  const times = timeByPart({ nodes, samples: [8, 6, 2, 3, 6, 8], timeDeltas: [0, 1, 2, 4, 8, 16, 32] })
  expect(Object.fromEntries(times)).toEqual({ starting: 1 + 4, decode: 8, 'the rest': 32 })
})

test('bytes that come are of Kafka where nothing called Node, and what the store writes is of the store', () => {
  const calls = [
    frame(1, '', [2, 3], '(root)'),
    frame(2, 'node:net'),
    frame(3, `${root}/src/store/requests.ts`, [4]),
    frame(4, 'node:internal/streams/pipeline')
  ]
  const times = timeByPart({ nodes: calls, samples: [2, 4], timeDeltas: [0, 5, 7] })
  expect(Object.fromEntries(times)).toEqual({ 'sockets and KafkaJS': 5, store: 7 })
})
