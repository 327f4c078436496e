import { dirname, resolve } from 'node:path'
import { eventsOf } from '../../../producer/events.ts'
import { usageOf } from '../../../producer/gpu/usage.ts'
import { type Label, labelsOf } from '../../../producer/plan.ts'
import { readDocument } from '../../config/document.ts'
import { type ConfigError, errorAt } from '../../config/errors.ts'
import type { LookUp } from '../../config/interpolate.ts'
import { configErrors } from '../../config/issues.ts'
import type { LayoutName } from '../../decode/layouts/catalogue.ts'
import type { Line } from '../../run/assembly/scenario.ts'
import type { Expectation, LeastUnexpected } from '../../run/expect/expectation.ts'
import { expectedOf } from '../../telemetry/expected.ts'
import { type Planned, planOf, type StreamOptions } from '../produce-plan.ts'
import { type Generate, scenarioFileSchema, type WrittenExpectation, type WrittenScenario } from './schema.ts'

type Plan = Extract<Planned, { kind: 'plan' }>['plan']

interface Generated {
  readonly layout: Generate['layout']
  readonly startMs: number
  readonly endMs: number
  readonly lines: () => Iterable<Line>
}

/** One scenario of a file, ready to be played. */
export interface Scenario {
  readonly name: string
  readonly events:
    | ({ readonly kind: 'generated' } & Generated)
    | { readonly kind: 'file'; readonly path: string; readonly layout: LayoutName | undefined }
  readonly expectations: readonly Expectation[]
  readonly failFrom: LeastUnexpected
}

export type ScenarioFile =
  | { readonly kind: 'read'; readonly scenarios: readonly Scenario[] }
  | { readonly kind: 'refused'; readonly errors: readonly ConfigError[] }

/** Reads a file of scenarios. Never throws. */
export function readScenarioFile(source: string, file: string, lookUp: LookUp): ScenarioFile {
  const settings = readDocument(source, file, () => lookUp)
  if (settings.errors.length) return { kind: 'refused', errors: settings.errors }
  const parsed = scenarioFileSchema.safeParse(settings.value, { error: expectedOf })
  if (!parsed.success) return { kind: 'refused', errors: configErrors(parsed.error.issues, settings, file) }

  const errors: ConfigError[] = []
  const placeOf = (key: string): string => settings.origins.get(key)?.place ?? file
  const refuse = (path: readonly PropertyKey[], key: string, message: string): void =>
    void errors.push(errorAt({ place: placeOf(key) }, path, message, 'wrong-value'))
  const scenarios = parsed.data.scenarios.map((one, index) => {
    const at = `scenarios[${index}]`
    const events = eventsFor(one, file, message =>
      refuse(['scenarios', index, 'generate'], `${at}.generate`, message)
    )
    const expectations = one.expect.map((written, nth) =>
      expectationOf(written, {
        faults: events?.faults,
        place: placeOf(`${at}.expect[${nth}]`),
        refuse: message =>
          refuse(['scenarios', index, 'expect', nth, 'fault'], `${at}.expect[${nth}]`, message)
      })
    )
    return {
      name: one.name,
      events: events?.events,
      expectations,
      failFrom: one.fail_from === 'off' ? null : one.fail_from
    }
  })
  if (errors.length > 0) return { kind: 'refused', errors }
  return { kind: 'read', scenarios: scenarios as readonly Scenario[] }
}

interface Events {
  readonly events: Scenario['events']
  /** What is put into a generated stream. */
  readonly faults: readonly Label[] | undefined
}

function eventsFor(
  { generate, events, layout }: WrittenScenario,
  file: string,
  refuse: (message: string) => void
): Events | undefined {
  if (generate === undefined) {
    const path = resolve(dirname(file), events as string)
    return { events: { kind: 'file', path, layout }, faults: undefined }
  }
  const planned = planOf(producing(generate), generate.start)
  if (planned.kind === 'refused') {
    refuse(keysIn(planned.message))
    return undefined
  }
  const { plan } = planned
  const { startMs, endMs } = plan
  const lines = () => linesOf(plan, generate.layout)
  return {
    events: { kind: 'generated', layout: generate.layout, startMs, endMs, lines },
    faults: labelsOf(plan)
  }
}

const linesOf = (plan: Plan, layout: Generate['layout']): Iterable<Line> =>
  'shop' in plan ? eventsOf(plan, layout) : usageOf(plan)

const producing = ({
  orders_per_minute: ordersPerMinute,
  incident_after: incidentAfter,
  incident_length: incidentLength,
  timezone_offset: timezoneOffset,
  ...same
}: Generate): StreamOptions => ({
  ...same,
  ...{ ordersPerMinute, incidentAfter, incidentLength, timezoneOffset }
})

/** A message of the command line, in the words of the file. */
const keysIn = (message: string): string =>
  message.replaceAll(/--([a-z-]+)/g, (_, name: string) => name.replaceAll('-', '_'))

interface ExpectationParts {
  readonly faults: readonly Label[] | undefined
  readonly place: string
  readonly refuse: (message: string) => void
}

function expectationOf(
  written: WrittenExpectation,
  { faults, place, refuse }: ExpectationParts
): Expectation {
  return {
    kinds: written.kind,
    segment: written.segment ?? null,
    severities: written.severity ?? null,
    fromMs: written.from ?? beginningOf(written, faults, refuse),
    withinMs: written.within ?? null,
    to: written.to ?? null,
    place
  }
}

/** When the fault of a generated stream begins that an expectation is about. */
function beginningOf(
  { fault, within }: WrittenExpectation,
  faults: readonly Label[] | undefined,
  refuse: (message: string) => void
): number | null {
  if (faults === undefined) return null
  const names = faults.map(({ kind }) => kind).join(', ')
  if (fault !== undefined) {
    const meant = faults.find(({ kind }) => kind === fault)
    if (meant === undefined)
      refuse(`is "${fault}"; expected ${names ? `one of ${names}` : 'none: nothing happens in this stream'}`)
    return meant?.startMs ?? null
  }
  const [only, another] = faults
  if (another !== undefined && within !== undefined) refuse(`is missing: which of ${names}`)
  return another === undefined ? (only?.startMs ?? null) : null
}
