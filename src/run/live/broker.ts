import type { LiveOptions } from './types.ts'

/** A broker that has not answered for this long is gone, or this process stood still. */
export const answerMs = 30_000

export interface Broker {
  /** When it last answered; when this process started, before it ever did. */
  answeredAt(): number
  isAnswering(): boolean
}

export function watchBroker({ source, clock }: LiveOptions): Broker {
  const startedAt = clock.now()
  const answeredAt = () => source.state().answeredAt ?? startedAt
  return { answeredAt, isAnswering: () => clock.now() - answeredAt() <= answerMs }
}
