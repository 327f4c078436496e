import { z } from 'zod'
import { checkLadder, ladder, part } from '../../detectors/rules/options.ts'
import { hourOfDay } from './reports.ts'
import { receiverNames } from './routes.ts'
import { orOff } from './schema-parts.ts'

export const defaultCostHours = { idle: [10, 16], summary: 9 } as const

const name = (fallback: string) =>
  z.string().min(1, { error: 'the name of a metric or a dimension' }).default(fallback)

const hours = z
  .preprocess(
    written => (Array.isArray(written) ? written : [written]),
    z.array(hourOfDay).min(1, 'at least one hour').max(24)
  )
  .refine(list => new Set(list).size === list.length, { error: 'each hour only once' })
  .transform(list => list.toSorted((one, other) => one - other))

const idle = z
  .strictObject({
    below: part(0.05),
    days: z.int().min(1).max(60).default(7),
    /** Of the local day. */
    hours: hours.default([...defaultCostHours.idle]),
    /** By the savings a month. */
    raise_savings: ladder(z.number().positive(), { medium: 500, high: 2_000 }),
    receiver: receiverNames.optional()
  })
  .superRefine(({ raise_savings }, context) => {
    checkLadder(
      (path, message) => context.addIssue({ code: 'custom', path: [...path], message }),
      'raise_savings',
      'low',
      0,
      raise_savings
    )
  })
  .transform(({ raise_savings, ...rest }) => ({ ...rest, raiseSavings: raise_savings }))

const summary = z.strictObject({
  hour: hourOfDay.default(defaultCostHours.summary),
  receiver: receiverNames.optional()
})

/** The `costs:` section: what GPUs cost, and which of them are idle. */
export const costsSchema = z
  .strictObject({
    cost: name('gpu_cost'),
    utilization: name('gpu_utilization'),
    resource: name('resource_id'),
    gpu: name('gpu'),
    provider: name('provider'),
    model: name('model'),
    idle: orOff(idle, 'when a GPU is idle, and when that is told, or off').prefault('off'),
    summary: orOff(summary, 'an hour and receivers, or off').prefault('off')
  })
  .prefault({})
