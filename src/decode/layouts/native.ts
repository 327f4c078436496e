import type { Layout } from '../layout.ts'
import { contractFields, eventTypes } from '../layout.ts'

/** The contract itself: docs/events.md. */
export const native: Layout = {
  fields: Object.fromEntries(contractFields.map(field => [field, [field]])),
  eventTypes: Object.fromEntries(eventTypes.map(type => [type, type])),
  timeUnit: 'auto',
  absent: []
}
