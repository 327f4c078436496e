import { z } from 'zod'
import { kinds } from '../../../detectors/catalogue.ts'
import { sourceOf } from '../../../detectors/kind-of.ts'
import { duration, parseShare } from '../../../detectors/rules/units.ts'
import { severities } from '../../../detectors/types.ts'
import { baskets } from '../../../producer/basket.ts'
import { gpuScenarios } from '../../../producer/gpu/plan.ts'
import { layouts } from '../../../producer/layouts/layout.ts'
import { scenarios } from '../../../producer/plan.ts'
import { nobody } from '../../config/receiver-types/receiver-types.ts'
import { currency, oneOrMore, refuseAt, trimmedText } from '../../config/schema-parts.ts'
import { layoutNames } from '../../decode/layouts/catalogue.ts'

const instant = z.iso
  .datetime({ offset: true, error: 'a time such as 2026-11-25T09:00:00Z' })
  .transform(written => Date.parse(written))

const span = duration.refine(ms => ms > 0, { error: 'a duration above 0' })

const offset = z
  .string()
  .regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, { error: 'an offset from UTC such as "+02:00", in quotes' })
  .transform(written => {
    const [hours = 0, minutes = 0] = written.slice(1).split(':').map(Number)
    return (written.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
  })

const share = z
  .union([z.number(), z.string()], { error: 'a share such as 80%' })
  .transform((written, context) => {
    const value = typeof written === 'number' ? written : parseShare(written)
    if (value !== undefined && value > 0 && value <= 20) return value
    context.addIssue({ code: 'custom', message: 'a share above 0, such as 80%' })
    return z.NEVER
  })

/** A Monday at eight: the same events whenever the file is run. */
const usualStartMs = Date.UTC(2026, 0, 5, 8)

/** The options of `cartwatch produce`, by their names. */
const generate = z.strictObject({
  scenario: z.enum([...scenarios, ...gpuScenarios]),
  seed: z.int().min(0).default(1),
  start: instant.default(usualStartMs),
  duration: span.optional(),
  orders_per_minute: z.number().positive().optional(),
  incident_after: span.optional(),
  incident_length: span.optional(),
  depth: share.optional(),
  segment: trimmedText.optional(),
  timezone_offset: offset.optional(),
  basket: z.enum(baskets).default('usual'),
  currency: currency.default('USD'),
  layout: z.enum(layouts).default('native')
})
export type Generate = z.output<typeof generate>

const ofWindows = kinds.map(({ kind }) => kind).filter(kind => sourceOf(kind) === 'windows')

const expectation = z.strictObject({
  kind: oneOrMore(z.enum(ofWindows)),
  segment: trimmedText.optional(),
  severity: oneOrMore(z.enum(severities)).optional(),
  within: span.optional(),
  /** Which incident of a generated stream, where it has several. */
  fault: trimmedText.optional(),
  from: instant.optional(),
  to: oneOrMore(trimmedText)
    .transform(names => names.filter(name => name !== nobody))
    .optional()
})

const scenario = z
  .strictObject({
    name: trimmedText,
    generate: generate.optional(),
    events: trimmedText.optional(),
    layout: z.enum(layoutNames).optional(),
    expect: z.array(expectation),
    /** From this severity on, an incident that is not listed fails the scenario. */
    fail_from: z.enum([...severities, 'off']).default('medium')
  })
  .superRefine(({ generate: made, events, layout, expect }, context) => {
    if ((made === undefined) === (events === undefined))
      refuseAt(context, ['name'], 'needs one of generate: and events: for its events')
    if (layout !== undefined && made !== undefined)
      refuseAt(context, ['layout'], 'is of events: a generated stream has generate.layout')
    for (const [index, { within, from, fault }] of expect.entries()) {
      const at = ['expect', index]
      if (events !== undefined && fault !== undefined)
        refuseAt(context, [...at, 'fault'], 'is of a generated stream: for events, say from: when')
      if (events !== undefined && within !== undefined && from === undefined)
        refuseAt(context, [...at, 'within'], 'needs from:, the time at which it begins in these events')
      if (fault !== undefined && from !== undefined)
        refuseAt(context, [...at, 'from'], 'and fault: both say when it begins: give one of them')
    }
  })

export const scenarioFileSchema = z
  .strictObject({ scenarios: z.array(scenario).min(1) })
  .superRefine(({ scenarios: all }, context) => {
    const names = all.map(({ name }) => name)
    for (const [index, name] of names.entries())
      if (names.indexOf(name) < index)
        refuseAt(context, ['scenarios', index, 'name'], `is "${name}" a second time: each needs its own`)
  })

export type WrittenScenario = z.output<typeof scenario>
export type WrittenExpectation = z.output<typeof expectation>
