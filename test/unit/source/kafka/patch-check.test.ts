import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { marks, whyUnpatched } from '../../../../src/source/kafka/patch-check.ts'

const patch = readFileSync(new URL('../../../../patches/kafkajs+2.2.4.patch', import.meta.url), 'utf8')

/** The lines that the patch adds to each file under src, and those it takes away. */
const changes = patch.split(/^diff --git /m).flatMap(part => {
  const file = /^\+\+\+ b\/node_modules\/kafkajs\/src\/(\S+)/m.exec(part)?.[1]
  const of = (sign: string) =>
    part
      .split('\n')
      .filter(line => line.startsWith(sign))
      .join('\n')
  return file === undefined ? [] : [{ file, added: of('+'), removed: of('-') }]
})

test('each mark is in what the patch adds to its file, and not in what it replaces', () => {
  for (const [file, mark] of Object.entries(marks)) {
    const change = changes.find(one => one.file === file)
    expect([file, change?.added.includes(mark), change?.removed.includes(mark)]).toEqual([file, true, false])
  }
})

test('the KafkaJS that is installed here is patched', () => {
  expect(whyUnpatched()).toBeUndefined()
})

test('one without the patch, or with a part of it, is named with what to do', () => {
  const partly = (file: string) => (file === 'consumer/runner.js' ? '' : Object.values(marks).join('\n'))
  expect(whyUnpatched(partly)).toBe(
    'KafkaJS is installed without the patch of cartwatch (patches/; not in consumer/runner.js): ' +
      'run npm ci without --ignore-scripts, or node scripts/patch-modules.js'
  )
  expect(whyUnpatched(() => '')).toContain('cluster/brokerPool.js, cluster/connectionPoolBuilder.js')
})
