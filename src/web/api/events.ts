import { z } from 'zod'

/**
 * GET /api/events: server-sent events. Each has one of these names, and one of these objects as its JSON. The stream resumes
 * behind Last-Event-ID; `reset` says that it cannot, or that this instance does not see changes: load all again.
 */
export const events = {
  window: z.object({ window_start: z.iso.datetime(), window_end: z.iso.datetime() }),
  incident: z.object({
    id: z.string(),
    status: z.enum(['open', 'resolved']),
    severity: z.string(),
    acknowledged_by: z.string().nullable()
  }),
  delivery: z.object({
    id: z.string(),
    incident_id: z.string(),
    receiver: z.string(),
    outcome: z.string()
  }),
  silence: z.object({ id: z.string(), ends_at: z.iso.datetime() }),
  reset: z.object({})
}

export type EventName = keyof typeof events
export type EventData<Name extends EventName> = z.output<(typeof events)[Name]>
