import { z } from 'zod'
import { type Severity, severities } from '../../detectors/types.ts'
import { alternatives, expectedOf } from '../telemetry/expected.ts'
import { visible } from '../telemetry/visible-text.ts'
import { wrongInput } from '../telemetry/wrong-input.ts'

const idPattern = /^[\w.:/-]{1,128}$/
const idError = 'letters, digits and . : / _ -, 1 to 128 of them'

export const id = z.string({ error: idError }).regex(idPattern, { error: idError })

/** All text is shown as it is, on one line. */
const text = (longest: number) => z.string().trim().min(1).max(longest).transform(visible)

const measured = z.number().refine(Number.isFinite, { error: 'a number' })
const scalar = z.union([text(1_000), measured, z.boolean(), z.null()], {
  error: 'text, a number, true, false or null'
})
const pairs = z
  .record(z.string().min(1).max(100).transform(visible), scalar)
  .refine(record => Object.keys(record).length <= 50, { error: 'at most 50 pairs' })
const labels = z
  .record(
    z.string().regex(/^[A-Za-z_][\w.-]{0,99}$/, { error: 'a name of letters, digits, _ . and -' }),
    text(200)
  )
  .refine(record => Object.keys(record).length <= 20, { error: 'at most 20 labels' })
const link = z.strictObject({
  title: text(75),
  url: z.url({ protocol: /^https?$/, error: 'a URL beginning with https:// or http://' }).max(2_000)
})

const names = ['info', 'warning', ...severities] as const
const severity = z
  .string()
  .transform(name => name.toLowerCase())
  .pipe(z.enum(names, { error: 'info, warning, low, medium, high or critical' }))
  .transform((name): Severity => (name === 'info' ? 'low' : name === 'warning' ? 'medium' : name))

const timeError = 'a time with its zone, such as 2026-11-28T20:00:00Z'
const timestamp = z.iso.datetime({ offset: true, error: timeError }).transform(written => Date.parse(written))

/** What all kinds have in common. */
const common = {
  severity,
  timestamp: timestamp.optional(),
  status: z.enum(['firing', 'resolved']).default('firing'),
  details: pairs.default({}),
  labels: labels.default({}),
  links: z.array(link).max(5).default([]),
  idempotency_key: z.string().min(1).max(200).optional(),
  skip_rate_limit: z.boolean().default(false)
}

const model = { model_id: id, model_name: text(200).optional() }

const drift = z.strictObject({
  kind: z.literal('drift'),
  ...model,
  metric: id,
  current_value: measured,
  baseline_value: measured,
  threshold: measured.optional(),
  drift_percentage: measured.optional(),
  ...common
})
const policyViolation = z.strictObject({
  kind: z.enum(['policy_violation', 'faves']).transform(() => 'policy_violation' as const),
  ...model,
  violation_type: id,
  description: text(2_000),
  affected_groups: z.array(text(200)).max(50).default([]),
  ...common
})
const safetyEvent = z.strictObject({
  kind: z.literal('safety_event'),
  event_type: id,
  model_id: id,
  description: text(2_000),
  metadata: pairs.default({}),
  ...common
})
const anyAlert = z.strictObject({
  kind: z.literal('alert'),
  summary: text(300),
  /** Tells alerts of one service apart; without it the summary does. */
  name: id.optional(),
  service: id.optional(),
  component: id.optional(),
  environment: id.optional(),
  instance: id.optional(),
  description: text(2_000).optional(),
  duration: text(100).optional(),
  metrics: pairs.default({}),
  quick_actions: z.array(link).max(5).default([]),
  ...common
})

export const kindNames = ['drift', 'policy_violation', 'faves', 'safety_event', 'alert'] as const

const byKind = {
  drift,
  policy_violation: policyViolation,
  faves: policyViolation,
  safety_event: safetyEvent,
  alert: anyAlert
}

export type SentAlert =
  | z.output<typeof drift>
  | z.output<typeof policyViolation>
  | z.output<typeof safetyEvent>
  | z.output<typeof anyAlert>

const kinded = z.looseObject({
  kind: z.enum(kindNames, { error: alternatives(kindNames) })
})

export type ReadAlert =
  | { readonly kind: 'right'; readonly alert: SentAlert }
  | { readonly kind: 'wrong'; readonly message: string }

/** Reads one alert; a wrong one is told by the path of what is wrong, and what would be right. */
export function readAlert(value: unknown, above: readonly PropertyKey[] = []): ReadAlert {
  const named = kinded.safeParse(value, { error: expectedOf })
  const read = named.success ? byKind[named.data.kind].safeParse(value, { error: expectedOf }) : named
  if (read.success) return { kind: 'right', alert: read.data as SentAlert }
  return { kind: 'wrong', message: wrongInput(read.error, value, above) }
}
