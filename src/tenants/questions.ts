import type { Clock } from '../telemetry/clock.ts'
import type { Answers, Ask, FromTenant, Question } from './protocol.ts'

const answerMs = 9_000

/** Questions to a process, each with its answer. */
export function createQuestions(clock: Pick<Clock, 'sleep'>) {
  const open = new Map<number, PromiseWithResolvers<unknown>>()
  let lastId = 0
  return {
    /** Rejects where there is no answer in time. */
    async ask<What extends Ask>(ask: What, send: (question: Question) => void): Promise<Answers[What]> {
      const id = ++lastId
      const answer = Promise.withResolvers<unknown>()
      open.set(id, answer)
      send({ id, ask })
      const late = clock.sleep(answerMs).then(() => {
        throw new Error(`no answer within ${answerMs / 1_000} s`)
      })
      return (await Promise.race([answer.promise, late]).finally(() => open.delete(id))) as Answers[What]
    },
    hear(message: Exclude<FromTenant, { readonly type: 'listening' }>): void {
      const asked = open.get(message.id)
      if (message.type === 'answer') asked?.resolve(message.answer)
      else asked?.reject(new Error(message.why))
    },
    /** Nobody answers any more. */
    fail(why: string): void {
      for (const asked of open.values()) asked.reject(new Error(why))
    }
  }
}
