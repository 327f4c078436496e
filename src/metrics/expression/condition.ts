import { eventTypes } from '../../decode/layout.ts'
import type { ExtraValue, ShopEvent } from '../../decode/types.ts'
import { measuredTypes, type Types } from '../../window/measure.ts'
import { numberIn, readerOf } from './fields.ts'
import type { Comparison, Condition, Literal } from './types.ts'

export type Test = (event: ShopEvent) => boolean

/** A condition on a field of products holds for an event that has one for which it holds. */
export function compileCondition(condition: Condition, extraFields: readonly string[]): Test {
  const compile = (part: Condition) => compileCondition(part, extraFields)
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map(compile)
      return event => parts.every(holds => holds(event))
    }
    case 'or': {
      const parts = condition.parts.map(compile)
      return event => parts.some(holds => holds(event))
    }
    case 'not': {
      const holds = compile(condition.part)
      return event => !holds(event)
    }
    case 'exists':
      return testOf(condition.field, extraFields, value => value !== undefined)
    case 'in': {
      const { values } = condition
      return testOf(condition.field, extraFields, value => values.some(literal => isEqual(value, literal)))
    }
    case 'compare': {
      const { than } = condition
      const holds = comparisons[condition.sign]
      return testOf(condition.field, extraFields, value => holds(numberIn(value), than))
    }
    default:
      return condition satisfies never
  }
}

const comparisons: { readonly [sign in Comparison]: (number: number, than: number) => boolean } = {
  '<': (number, than) => number < than,
  '<=': (number, than) => number <= than,
  '>': (number, than) => number > than,
  '>=': (number, than) => number >= than
}

function testOf(field: string, extraFields: readonly string[], holds: (value: ExtraValue) => boolean): Test {
  const { of, ofLine } = readerOf(field, extraFields)
  if (ofLine === undefined) return event => holds(of(event))
  return event =>
    event.lines === undefined ? holds(of(event)) : event.lines.some(line => holds(ofLine(line)))
}

const isEqual = (value: ExtraValue, { text, number }: Literal) =>
  typeof value === 'number' ? value === number : value !== undefined && String(value) === text

/** The types of event that a condition can hold for, so that it is asked of no others. */
export function typesOf(condition: Condition | undefined): Types {
  if (condition?.kind === 'in' && condition.field === 'event_type') {
    const types = condition.values.map(({ text }) => eventTypes.find(type => type === text) ?? 'unknown')
    return measuredTypes.filter(type => types.includes(type))
  }
  if (condition?.kind !== 'and' && condition?.kind !== 'or') return 'every'
  const parts = condition.parts.map(typesOf).filter(types => types !== 'every')
  if (condition.kind === 'or' && parts.length < condition.parts.length) return 'every'
  if (parts.length === 0) return 'every'
  const isIn = (type: (typeof measuredTypes)[number]) =>
    condition.kind === 'or'
      ? parts.some(types => types.includes(type))
      : parts.every(types => types.includes(type))
  return measuredTypes.filter(isIn)
}
