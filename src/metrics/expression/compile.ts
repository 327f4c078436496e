import { idPrint } from '../../decode/id-print.ts'
import type { Measure } from '../../window/measure.ts'
import { exact } from '../measures.ts'
import type { MetricDefinition, Unit } from '../types.ts'
import { compileCondition, typesOf } from './condition.ts'
import { addendOf, factorsOf, isExtra, isMoney, readerOf } from './fields.ts'
import type { Aggregate, Condition, Expression, OwnMetric } from './types.ts'

/** The metric that an expression says, with the measures that it needs, by names of their own. */
export function compileExpression(
  name: string,
  own: OwnMetric,
  extraFields: readonly string[]
): MetricDefinition {
  const { unit = unitOf(own), additive, bad = 'either', segments } = own
  const isOfMoney = unit === 'money'
  const said = {
    name,
    unit,
    ...(additive !== undefined && { additive }),
    bad,
    description: 'of the configuration'
  }
  const segmented = segments && { segmented: segments }
  switch (own.kind) {
    case 'count':
    case 'sum':
    case 'distinct':
      return {
        ...said,
        ...segmented,
        kind: own.kind,
        of: name,
        measures: [measureOf(name, own, extraFields, isOfMoney)]
      }
    case 'quantile': {
      const { field, percent, where } = own
      const measure = {
        name,
        kind: 'quantile',
        ...restriction(where, extraFields),
        ...addendOf({ field }, extraFields, isOfMoney)
      } as const
      return { ...said, kind: 'quantile', of: name, share: percent / 100, measures: [measure] }
    }
    case 'ratio': {
      const { numerator, denominator } = own
      const [above, below] = [`${name} above`, `${name} below`]
      return {
        ...said,
        ...segmented,
        kind: 'ratio',
        numerator: [above],
        denominator: [below],
        ofCounts: isOfCounts(own),
        measures: [
          measureOf(above, numerator, extraFields, isOfMoney),
          measureOf(below, denominator, extraFields, false)
        ]
      }
    }
    default:
      return own satisfies never
  }
}

function measureOf(
  name: string,
  aggregate: Aggregate,
  extraFields: readonly string[],
  isOfMoney: boolean
): Measure {
  const common = { name, ...restriction(aggregate.where, extraFields) }
  switch (aggregate.kind) {
    case 'count':
      return { ...common, kind: 'count' }
    case 'sum':
      return {
        ...common,
        kind: 'sum',
        squareStep: exact.squareStep,
        ...addendOf(aggregate, extraFields, isOfMoney)
      }
    case 'distinct': {
      const { of, ofLine, printOf } = readerOf(aggregate.field, extraFields)
      const print = (value: ReturnType<typeof of>) => (value === undefined ? 0 : idPrint(String(value)))
      return {
        ...common,
        kind: 'distinct',
        printOf: printOf ?? (event => print(of(event))),
        ...(ofLine && { printOfLine: line => print(ofLine(line)) })
      }
    }
    default:
      return aggregate satisfies never
  }
}

function restriction(where: Condition | undefined, extraFields: readonly string[]) {
  return { types: typesOf(where), ...(where && { where: compileCondition(where, extraFields) }) }
}

type Ratio = Extract<Expression, { kind: 'ratio' }>

const isOfCounts = ({ numerator, denominator }: Ratio): boolean =>
  unitOf(numerator) === 'count' && unitOf(denominator) === 'count'

/** Where the configuration does not say it. */
function unitOf(expression: Expression): Unit {
  switch (expression.kind) {
    case 'count':
    case 'distinct':
      return 'count'
    case 'sum':
      return isMoney(expression.field) && expression.times === undefined ? 'money' : 'number'
    case 'quantile':
      return isMoney(expression.field) ? 'money' : 'number'
    case 'ratio':
      if (isOfCounts(expression)) return 'share'
      return unitOf(expression.denominator) === 'count' ? unitOf(expression.numerator) : 'number'
    default:
      return expression satisfies never
  }
}

/** Fields of an expression that are not of the contract. */
export function extraFieldsOf(expression: Expression): readonly string[] {
  return fieldsOf(expression).filter(isExtra)
}

/** Fields whose values it reads: where only distinct ones are counted, their prints are enough. */
export function readFieldsOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'ratio':
      return [...readFieldsOf(expression.numerator), ...readFieldsOf(expression.denominator)]
    case 'distinct':
      return expression.where ? fieldsOf(expression.where) : []
    default:
      return fieldsOf(expression)
  }
}

function fieldsOf(part: Expression | Condition): readonly string[] {
  switch (part.kind) {
    case 'ratio':
      return [...fieldsOf(part.numerator), ...fieldsOf(part.denominator)]
    case 'count':
      return part.where ? fieldsOf(part.where) : []
    case 'sum':
      return [...factorsOf(part), ...(part.where ? fieldsOf(part.where) : [])]
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
