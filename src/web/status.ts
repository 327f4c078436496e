import { z } from 'zod'

const time = z.iso.datetime().nullable()
const text = z.string()
const count = z.number().nonnegative()

const component = z.object({
  status: z.string(),
  detail: text.optional(),
  reason: z.string().optional(),
  since: z.iso.datetime().optional(),
  waiting: count.optional()
})

/** The work of an instance, as it tells itself. Times are ISO 8601 in UTC. */
const work = z.object({
  instance: text,
  since: time,
  partitions: z.array(
    z.object({
      topic: text,
      partition: count,
      position: count,
      lag: count,
      watermark: time,
      open_windows: count,
      state: z.string()
    })
  ),
  windows_closed_until: time,
  open_windows: count,
  oldest_open_window: time,
  /** Closed windows, by what they wait for: a commit, what is stored of the past, the store. */
  waiting: z.object({ to_seal: count, to_judge: count, to_store: count }),
  /** Those of /readyz. */
  components: z.record(z.string(), component),
  receivers: z.array(
    z.object({
      name: text,
      waiting: count,
      /** When the next message may go; null where none waits. */
      next_at: time.default(null),
      breaker: text.default('closed'),
      last: z.object({ outcome: text, answer: text }).nullable()
    })
  )
})

const member = z.object({
  instance: text,
  /** Where its operations port should answer, `host:port`. */
  address: text.nullable(),
  works: z.boolean(),
  since: time
})

const committed = z.object({
  topic: text,
  partition: count,
  offset: count.nullable(),
  lag: count,
  windows_done_until: time
})

/** What GET /status says: the same from every instance of a group, but for who answers. */
export const statusSchema = z.object({
  at: z.iso.datetime(),
  pipeline: text,
  /** Whose it is, where several run side by side; null elsewhere, and of earlier versions. */
  tenant: text.nullable().default(null),
  group: text,
  /** Who answers, what it takes itself for, and its version, which earlier ones do not say; null where Kafka alone was asked. */
  answered_by: z
    .object({ instance: text, role: z.string(), version: text.nullable().default(null) })
    .nullable(),
  /** The group's own word for its state, and its members; null where Kafka does not say, for `group_error`. */
  group_state: z.string().nullable(),
  members: z.array(member).nullable(),
  group_error: text.nullable(),
  /** That of the instance that works; null where it could not be asked, for `work_error`, or where none works. */
  work: work.nullable(),
  work_error: text.nullable(),
  /** What Kafka alone tells, where the instance that works does not. */
  committed: z.array(committed).nullable()
})

export type Status = z.output<typeof statusSchema>
export type WorkStatus = z.output<typeof work>
export type MemberStatus = z.output<typeof member>
export type CommittedStatus = z.output<typeof committed>
