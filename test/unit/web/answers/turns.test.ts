import { expect, test } from 'vitest'
import { createTurns } from '../../../../src/web/answers/turns.ts'

test('two at once go on, the others in the order in which they came, whatever becomes of those before', async () => {
  const inTurn = createTurns(2)
  const begun: string[] = []
  const ends = new Map<string, (fails: boolean) => void>()
  const start = (name: string) =>
    inTurn(async () => {
      begun.push(name)
      const fails = await new Promise<boolean>(end => ends.set(name, end))
      if (fails) throw new Error(name)
      return name
    })
  const all = ['a', 'b', 'c', 'd'].map(start)
  await Promise.resolve()
  expect(begun).toEqual(['a', 'b'])
  ends.get('b')?.(true)
  await expect(all[1]).rejects.toThrow('b')
  await expect.poll(() => begun).toEqual(['a', 'b', 'c'])
  ends.get('a')?.(false)
  expect(await all[0]).toBe('a')
  await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd'])
  ends.get('c')?.(false)
  ends.get('d')?.(false)
  expect(await Promise.all(all.slice(2))).toEqual(['c', 'd'])
})
