import { z } from 'zod'
import { parsePaths } from '../decode/path.ts'
import { shopMetrics } from '../metrics/catalogue.ts'
import { extraFieldsOf } from '../metrics/expression/compile.ts'
import { factorsOf, isName } from '../metrics/expression/fields.ts'
import { parseExpression } from '../metrics/expression/parse.ts'
import type { Expression, OwnMetric } from '../metrics/expression/types.ts'
import { badChanges, units } from '../metrics/types.ts'
import { dimensionSpelled } from './segments.ts'

const maxMetrics = 100

const name = z
  .string()
  .regex(/^[a-z]\w{0,59}$/, { error: 'a name of lower case letters, digits and _' })
  .refine(own => !shopMetrics.some(metric => metric.name === own), {
    error: 'a name that no built-in metric has'
  })

/** What cannot be read is said with its column; so is a sum of names. */
const expression = z.string().transform((source, context): Expression => {
  const parsed = parseExpression(source)
  if (!parsed.ok) {
    const { column, found, expected } = parsed.misreading
    const message = `column ${column} is ${found}; expected ${expected}`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  for (const message of faultsOf(parsed.expression)) context.addIssue({ code: 'custom', message })
  return parsed.expression
})

function faultsOf(expression: Expression): readonly string[] {
  const names = summedFields(expression)
    .filter(isName)
    .map(field => `${field} is a name; expected a number: amount, price, quantity or a further field`)
  const paths = extraFieldsOf(expression)
    .filter(field => parsePaths(field) === undefined)
    .map(
      field => `${field} is not a field; expected a name or a path such as payload.user.id or items[].price`
    )
  return [...names, ...paths]
}

function summedFields(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'sum':
      return factorsOf(expression)
    case 'quantile':
      return [expression.field]
    case 'ratio':
      return [...summedFields(expression.numerator), ...summedFields(expression.denominator)]
    case 'count':
    case 'distinct':
      return []
    default:
      return expression satisfies never
  }
}

const described = z
  .strictObject({
    expression,
    unit: z.enum(units).optional(),
    additive: z.boolean().optional(),
    bad: z.enum(badChanges).optional(),
    segments: z
      .union([z.boolean(), z.array(z.string()).min(1)], { error: 'true, or a list of dimensions' })
      .optional()
  })
  .refine(({ expression, segments }) => !segments || expression.kind !== 'quantile', {
    path: ['segments'],
    error: 'no segments: a quantile has none'
  })
  .transform(
    ({ expression, unit, additive, bad, segments }): OwnMetric => ({
      ...expression,
      ...(unit && { unit }),
      ...(additive !== undefined && { additive }),
      ...(bad && { bad }),
      ...(segments && { segments: segments === true || segments.map(dimensionSpelled) })
    })
  )

/** The expression alone, or with what it does not show. */
const ownMetric = z
  .unknown()
  .transform(written => (typeof written === 'string' ? { expression: written } : written))
  .pipe(described)

/** The `metrics:` section: the user's own, by name. */
export const metricsSchema = z
  .record(name, ownMetric)
  .refine(metrics => Object.keys(metrics).length <= maxMetrics, { error: `at most ${maxMetrics} metrics` })
  .prefault({})
