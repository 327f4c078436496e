import type { Layout } from '../layout.ts'
import { segment } from './segment.ts'

/** RudderStack's calls: Segment's, with a session of its own (a number) and the channel they came by. */
export const rudderstack: Layout = {
  ...segment,
  fields: {
    ...segment.fields,
    event_time: ['timestamp', 'originalTimestamp', 'receivedAt', 'sentAt'],
    session_id: ['context.sessionId', 'properties.session_id', 'anonymousId', 'userId'],
    device: ['context.device.type', 'channel']
  }
}
