import { expect, test } from 'vitest'
import { shareRunning } from '../../../src/web/share-running.ts'

test('whoever asks while a question is under way gets its answer, and later ones a new one', async () => {
  const questions: PromiseWithResolvers<string>[] = []
  const ask = shareRunning(() => {
    const question = Promise.withResolvers<string>()
    questions.push(question)
    return question.promise
  })
  const both = [ask(), ask()]
  questions[0]?.resolve('first')
  expect(await Promise.all(both)).toEqual(['first', 'first'])
  const later = ask()
  questions[1]?.reject(new Error('second'))
  await expect(later).rejects.toThrow('second')
  const last = ask()
  questions[2]?.resolve('third')
  expect([await last, questions.length]).toEqual(['third', 3])
})
