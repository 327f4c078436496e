import { durationOf } from '../../channel/message/format.ts'
import type { Played } from '../../run/assembly/scenario.ts'
import type { Checked, Fault, Found, ScenarioResult } from '../../run/expect/check.ts'
import type { Expectation } from '../../run/expect/expectation.ts'
import { versioned } from '../../store/tables/json-version.ts'
import { shownTime } from '../../time/shown-time.ts'
import { counted } from '../../time/texts.ts'

/** A scenario that was tried. */
export type Tested =
  | {
      readonly kind: 'played'
      readonly name: string
      readonly played: Pick<Played, 'events' | 'windows'>
      readonly result: ScenarioResult
    }
  | { readonly kind: 'unplayed'; readonly name: string; readonly why: string }

/** For people: one line where all is as expected, else what is not. `receivers`: those of the configuration. */
export function testedText(tested: Tested, receivers: ReadonlySet<string>): string {
  if (tested.kind === 'unplayed') return [`FAILED  ${tested.name}`, `        ${tested.why}`].join('\n')
  const { name, result, played } = tested
  const counts = `${counted(played.events, 'event')} in ${counted(played.windows, 'window')}`
  if (result.isAsExpected)
    return [
      `ok      ${name} (${counts})`,
      ...result.checked.map(({ found }) => `        ${foundText(found as Found)}`)
    ].join('\n')
  return [
    `FAILED  ${name} (${counts})`,
    ...result.checked.flatMap(one => lines(one, receivers)),
    ...result.unexpected.map(one => `    +   not expected: ${foundText(one)}, at ${shownTime(one.openedAt)}`)
  ].join('\n')
}

function lines({ expectation, found, faults }: Checked, receivers: ReadonlySet<string>): readonly string[] {
  if (found && faults.length === 0) return [`    ok  ${foundText(found)}`]
  const unknown = expectation.to?.filter(name => !receivers.has(name)) ?? []
  return [
    `    -   ${expectation.place}: expected ${expectedText(expectation)}`,
    `        ${found ? `found ${foundText(found)}: ${faults.map(fault => faultText(fault, found)).join('; ')}` : 'not found'}`,
    ...unknown.map(name => `        the configuration has no receiver ${name}: is it of the environment?`)
  ]
}

function faultText(fault: Fault, { severity, receivers }: Found): string {
  switch (fault) {
    case 'late':
      return 'too late'
    case 'severity':
      return `the severity is ${severity}`
    case 'receivers':
      return receivers.length === 0 ? 'nobody is told' : `told are ${receivers.join(', ')}`
    default:
      return fault satisfies never
  }
}

function expectedText({ kinds, segment, severities, withinMs, to }: Expectation): string {
  return [
    kinds.join(' or '),
    ...(segment === null ? [] : [segment]),
    ...(severities === null ? [] : [severities.join(' or ')]),
    ...(withinMs === null ? [] : [`within ${durationOf(withinMs)}`]),
    ...(to === null ? [] : [`to ${to.join(', ') || 'nobody'}`])
  ].join(', ')
}

function foundText({ kind, segment, severity, delayMs }: Found): string {
  const where = segment === 'all' ? kind : `${kind} ${segment}`
  return `${where}, ${severity}${delayMs === null ? '' : `, after ${durationOf(delayMs)}`}`
}

/** For programs. */
export function testedView(tested: Tested) {
  if (tested.kind === 'unplayed') return versioned({ name: tested.name, ok: false, error: tested.why })
  const { name, result, played } = tested
  return versioned({
    name,
    ok: result.isAsExpected,
    events: played.events,
    windows: played.windows,
    expected: result.checked.map(({ expectation, found, faults }) => ({
      place: expectation.place,
      expected: expectedText(expectation),
      found: found ? viewOf(found) : null,
      faults
    })),
    unexpected: result.unexpected.map(viewOf)
  })
}

const viewOf = ({ openedAt, delayMs, ...rest }: Found) => ({
  ...rest,
  opened_at: new Date(openedAt).toISOString(),
  delay_seconds: delayMs === null ? null : delayMs / 1_000
})
