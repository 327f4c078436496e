import { median } from 'simple-statistics'
import { minuteMs } from '../../../src/time/units.ts'
import type { Sheet } from '../../sheet.ts'
import type { FalseIncident, FaultOutcome, StreamOutcome } from './outcome.ts'

const minutes = (ms: number) => (ms / minuteMs).toFixed(0)
const defined = (values: readonly (number | undefined)[]) => values.filter(value => value !== undefined)
const medianMinutes = (values: readonly number[]) => (values.length > 0 ? minutes(median(values)) : '')

/** A row for each name of faults, and one for all of them. Only faults that touch enough events count. */
export function faultSheet(outcomes: readonly StreamOutcome[], isOf: (name: string) => boolean): Sheet {
  const faults = outcomes.flatMap(outcome => outcome.faults).filter(({ name }) => isOf(name))
  const names = [...new Set(faults.map(({ name }) => name))].sort()
  return {
    head: [
      'fault',
      'found',
      'median delay, min',
      'worst',
      'named right',
      'as one incident',
      'over too early',
      'over after its end, min'
    ],
    rows: [
      ...names.map(name =>
        faultRow(
          name,
          faults.filter(fault => fault.name === name)
        )
      ),
      faultRow('all', faults)
    ]
  }
}

function faultRow(name: string, all: readonly FaultOutcome[]): readonly string[] {
  const faults = all.filter(({ isTouching }) => isTouching)
  const delays = defined(faults.map(({ delayMs }) => delayMs))
  const told = faults.filter(({ incidents }) => incidents > 0)
  const ofTold = (is: (fault: FaultOutcome) => boolean) => `${told.filter(is).length} of ${told.length}`
  return [
    name,
    `${delays.length} of ${faults.length}`,
    medianMinutes(delays),
    delays.length > 0 ? minutes(Math.max(...delays)) : '',
    ofTold(({ isNamedRight }) => isNamedRight),
    ofTold(({ incidents }) => incidents === 1),
    ofTold(({ isOverTooEarly }) => isOverTooEarly),
    medianMinutes(defined(told.map(({ lagMs }) => lagMs)))
  ]
}

/** A row for each kind of false incident, with the hours of the day at which those above low opened. */
export function falseSheet(outcomes: readonly StreamOutcome[]): Sheet {
  const weeks = outcomes.reduce((sum, outcome) => sum + outcome.weeks, 0)
  const all = outcomes.flatMap(({ falseIncidents }) => falseIncidents)
  const kinds = [...new Set(all.map(({ kind }) => kind))].sort()
  const row = (name: string, own: readonly FalseIncident[]) => {
    const above = own.filter(incident => incident.isAboveLow)
    return [
      name,
      (above.length / weeks).toFixed(2),
      ((own.length - above.length) / weeks).toFixed(2),
      hoursOf(above)
    ]
  }
  return {
    head: ['kind', 'above low a week', 'low a week', 'hours of the day, above low'],
    rows: [
      ...kinds.map(kind =>
        row(
          kind,
          all.filter(one => one.kind === kind)
        )
      ),
      row('all', all)
    ]
  }
}

const hoursOf = (incidents: readonly FalseIncident[]): string =>
  [...Map.groupBy(incidents, ({ hour }) => hour)]
    .sort(([a], [b]) => a - b)
    .map(([hour, at]) => `${hour}${at.length > 1 ? ` (${at.length})` : ''}`)
    .join(', ')

/** A row for each shop: what was found of its faults, and its false incidents. */
export function shopSheet(shops: readonly (readonly [name: string, outcome: StreamOutcome])[]): Sheet {
  return {
    head: ['shop', 'found', 'false above low a week', 'false low a week'],
    rows: shops.map(([name, { faults, falseIncidents, weeks }]) => {
      const touching = faults.filter(({ isTouching }) => isTouching)
      const found = touching.filter(({ delayMs }) => delayMs !== undefined).length
      const above = falseIncidents.filter(incident => incident.isAboveLow).length
      return [
        name,
        `${found} of ${touching.length}`,
        (above / weeks).toFixed(2),
        ((falseIncidents.length - above) / weeks).toFixed(2)
      ]
    })
  }
}
