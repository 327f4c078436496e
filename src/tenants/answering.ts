import type { Instance } from '../run/assembly/live.ts'
import { messageOf } from '../telemetry/message.ts'
import type { InstanceMetrics } from '../telemetry/metrics.ts'
import { healthPage, readinessPage } from '../web/readiness.ts'
import type { Answers, Ask, FromTenant, Question } from './protocol.ts'

type Parent = Pick<NodeJS.Process, 'on' | 'send'>

/** Tells the parent, where there is one. */
export function tellParent(parent: Parent, message: FromTenant): void {
  parent.send?.(message, undefined, {}, () => {
    // The parent is gone: `disconnect` ends this process.
  })
}

/** In a tenant's process: answers what its parent asks, and ends with it. */
export function answerParent(
  parent: Parent,
  { pages, measure }: Instance['port'],
  metrics: InstanceMetrics,
  stop: () => void
): void {
  const answers: { readonly [What in Ask]: () => Promise<Answers[What]> } = {
    async metrics() {
      measure()
      return metrics.asJson()
    },
    status: () => pages.status('group'),
    async health() {
      const readiness = pages.readiness()
      return { readiness: readinessPage(readiness), health: healthPage(readiness, pages.sends()) }
    }
  }
  parent.on('message', ({ id, ask }: Question) => {
    answers[ask]().then(
      answer => tellParent(parent, { type: 'answer', id, answer }),
      error => tellParent(parent, { type: 'no_answer', id, why: messageOf(error) })
    )
  })
  parent.on('disconnect', stop)
}
