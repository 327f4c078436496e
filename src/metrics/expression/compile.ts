import type { Measure } from '../../window/measure.ts'
import { exact } from '../measures.ts'
import type { MetricDefinition, Unit } from '../types.ts'
import { compileCondition, typesOf } from './condition.ts'
import { amountOf, isExtra, isMoney, readerOf } from './fields.ts'
import type { Aggregate, Condition, Expression } from './types.ts'

export interface CustomMetric {
  readonly measures: readonly Measure[]
  readonly metric: MetricDefinition
}

/** The metric that an expression says, and the measures that it needs, by names of their own. */
export function compileExpression(
  name: string,
  expression: Expression,
  extraFields: readonly string[]
): CustomMetric {
  const description = 'of the configuration'
  switch (expression.kind) {
    case 'count':
    case 'sum':
    case 'distinct':
      return {
        measures: [measureOf(name, expression, extraFields)],
        metric: { name, kind: expression.kind, of: name, unit: unitOf(expression), description }
      }
    case 'quantile': {
      const { field, percent, where } = expression
      return {
        measures: [
          { name, kind: 'quantile', ...restriction(where, extraFields), ...amountOf(field, extraFields) }
        ],
        metric: {
          name,
          kind: 'quantile',
          of: name,
          share: percent / 100,
          unit: isMoney(field) ? 'money' : 'number',
          description
        }
      }
    }
    case 'ratio': {
      const { numerator, denominator } = expression
      const [above, below] = [`${name} above`, `${name} below`]
      const areCounts = unitOf(numerator) === 'count' && unitOf(denominator) === 'count'
      const unit = areCounts ? 'share' : unitOf(denominator) === 'count' ? unitOf(numerator) : 'number'
      return {
        measures: [measureOf(above, numerator, extraFields), measureOf(below, denominator, extraFields)],
        metric: { name, kind: 'ratio', numerator: [above], denominator: [below], unit, description }
      }
    }
    default:
      return expression satisfies never
  }
}

function measureOf(name: string, aggregate: Aggregate, extraFields: readonly string[]): Measure {
  const common = { name, ...restriction(aggregate.where, extraFields) }
  switch (aggregate.kind) {
    case 'count':
      return { ...common, kind: 'count' }
    case 'sum':
      return {
        ...common,
        kind: 'sum',
        squareStep: exact.squareStep,
        ...amountOf(aggregate.field, extraFields)
      }
    case 'distinct': {
      const { of, ofLine } = readerOf(aggregate.field, extraFields)
      const text = (value: ReturnType<typeof of>) => (value === undefined ? undefined : String(value))
      return {
        ...common,
        kind: 'distinct',
        of: event => text(of(event)),
        ...(ofLine && { ofLine: line => text(ofLine(line)) })
      }
    }
    default:
      return aggregate satisfies never
  }
}

function restriction(where: Condition | undefined, extraFields: readonly string[]) {
  return { types: typesOf(where), ...(where && { where: compileCondition(where, extraFields) }) }
}

function unitOf(aggregate: Aggregate): Unit {
  if (aggregate.kind !== 'sum') return 'count'
  return isMoney(aggregate.field) ? 'money' : 'number'
}

/** Fields of an expression that are not of the contract. */
export function extraFieldsOf(expression: Expression): readonly string[] {
  return fieldsOf(expression).filter(isExtra)
}

function fieldsOf(part: Expression | Condition): readonly string[] {
  switch (part.kind) {
    case 'ratio':
      return [...fieldsOf(part.numerator), ...fieldsOf(part.denominator)]
    case 'count':
      return part.where ? fieldsOf(part.where) : []
    case 'sum':
    case 'distinct':
    case 'quantile':
      return [part.field, ...(part.where ? fieldsOf(part.where) : [])]
    case 'and':
    case 'or':
      return part.parts.flatMap(fieldsOf)
    case 'not':
      return fieldsOf(part.part)
    case 'exists':
    case 'in':
    case 'compare':
      return [part.field]
    default:
      return part satisfies never
  }
}
