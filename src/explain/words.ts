import type { NotificationRecord } from '../incident/types.ts'

/** Enough of an id to tell it from others, and to ask for it. */
export const shortId = (id: string): string => id.slice(0, 8)

/** From the decision to the receiver's yes. */
export const took = ({ latencyMs }: NotificationRecord): string =>
  latencyMs === null ? '' : latencyMs < 10_000 ? `${latencyMs} ms` : `${Math.round(latencyMs / 1_000)} s`

/** What the receiver said, and what it calls the request. */
export const answerText = ({ answer, requestId }: NotificationRecord): string =>
  requestId === null ? answer : `${answer} (request ${requestId})`
