import { z } from 'zod'

/**
 * GET /api/events: server-sent events. Each has one of these names, and one of these objects as its JSON. The stream resumes
 * behind Last-Event-ID; `reset` says that it cannot, or that this instance does not see changes: load all again.
 */
export const eventNames = ['window', 'incident', 'delivery', 'silence', 'reset'] as const
export type EventName = (typeof eventNames)[number]

export const windowEvent = z.object({ window_start: z.iso.datetime(), window_end: z.iso.datetime() })
export const incidentEvent = z.object({
  id: z.string(),
  status: z.enum(['open', 'resolved']),
  severity: z.string(),
  acknowledged_by: z.string().nullable()
})
export const deliveryEvent = z.object({
  id: z.string(),
  incident_id: z.string(),
  receiver: z.string(),
  outcome: z.string()
})
export const silenceEvent = z.object({ id: z.string(), ends_at: z.iso.datetime() })
export const resetEvent = z.object({})

export type WindowEvent = z.output<typeof windowEvent>
export type IncidentEvent = z.output<typeof incidentEvent>
export type DeliveryEvent = z.output<typeof deliveryEvent>
export type SilenceEvent = z.output<typeof silenceEvent>
