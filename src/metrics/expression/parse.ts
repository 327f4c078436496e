import { type Token, tokensOf } from './tokens.ts'
import type { Aggregate, Comparison, Condition, Expression, Literal, Misreading } from './types.ts'

export type Parsed =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly misreading: Misreading }

/**
 *     expression  adding | p1…p99 of FIELD [where] | ratio of (adding) to (adding)
 *     adding      count [where] | distinct of FIELD [where] | sum of FIELD [× FIELD]… [/ NUMBER] [where]
 *     where       where condition
 *     condition   conjunction [or conjunction]…
 *     conjunction part [and part]…
 *     part        not part | (condition) | FIELD exists | FIELD [not] in (VALUE, …) | FIELD =|!=|<|<=|>|>= VALUE
 */
export function parseExpression(source: string): Parsed {
  const reader = createReader(tokensOf(source))
  try {
    const expression = readExpression(reader)
    reader.end(hasWhere(expression) ? 'and, or, or the end' : 'where, or the end')
    return { ok: true, expression }
  } catch (error) {
    if (error instanceof Unread) return { ok: false, misreading: error.misreading }
    throw error
  }
}

class Unread extends Error {
  readonly misreading: Misreading
  constructor(misreading: Misreading) {
    super(misreading.expected)
    this.misreading = misreading
  }
}

const hasWhere = (expression: Expression) => expression.kind === 'ratio' || expression.where !== undefined

function createReader(tokens: readonly Token[]) {
  let at = 0
  const next = () => tokens[at] as Token

  function refuse(expected: string): never {
    const { kind, text, column } = next()
    throw new Unread({ column, found: kind === 'end' ? 'the end' : JSON.stringify(text), expected })
  }

  /** Takes the piece if it is this word, in any case, or this sign. */
  function take(...texts: readonly string[]): string | undefined {
    const { kind, text } = next()
    const found = texts.find(one => one === (kind === 'word' ? text.toLowerCase() : text))
    if (found === undefined || kind === 'quoted') return undefined
    at++
    return found
  }

  return {
    refuse,
    take,
    need(text: string): void {
      if (take(text) === undefined) refuse(text)
    },
    word(expected: string): string {
      const { kind, text } = next()
      if (kind !== 'word') refuse(expected)
      at++
      return text
    },
    literal(expected: string): Literal {
      const { kind, text } = next()
      if (kind !== 'word' && kind !== 'quoted') refuse(expected)
      at++
      return { text, number: kind === 'word' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined }
    },
    /** A step back, to refuse what was taken last. */
    back(): void {
      at--
    },
    end(expected: string): void {
      if (next().kind !== 'end') refuse(expected)
    }
  }
}

type Reader = ReturnType<typeof createReader>

function readExpression(reader: Reader): Expression {
  if (reader.take('ratio')) {
    reader.need('of')
    const numerator = readInParentheses(reader)
    reader.need('to')
    return { kind: 'ratio', numerator, denominator: readInParentheses(reader) }
  }
  const adding = readAggregate(reader)
  if (adding !== undefined) return adding
  const name = reader.word(aggregates)
  const percent = /^p([1-9]\d?)$/i.exec(name)?.[1]
  if (percent === undefined) {
    reader.back()
    reader.refuse(aggregates)
  }
  return { kind: 'quantile', percent: Number(percent), field: readOf(reader), ...readWhere(reader) }
}

const aggregates = 'count, sum, distinct, ratio, or a quantile such as p50 or p95'

function readInParentheses(reader: Reader): Aggregate {
  reader.need('(')
  const aggregate = readAggregate(reader) ?? reader.refuse('count, sum or distinct')
  reader.need(')')
  return aggregate
}

function readAggregate(reader: Reader): Aggregate | undefined {
  const kind = reader.take('count', 'sum', 'distinct') as Aggregate['kind'] | undefined
  if (kind === undefined) return undefined
  if (kind === 'count') return { kind, ...readWhere(reader) }
  if (kind === 'distinct') return { kind, field: readOf(reader), ...readWhere(reader) }
  return { kind: 'sum', field: readOf(reader), ...readFactors(reader), ...readWhere(reader) }
}

function readFactors(reader: Reader): { times?: readonly string[]; per?: number } {
  const times: string[] = []
  while (reader.take('×', '*')) times.push(reader.word('a field'))
  return {
    ...(times.length > 0 && { times }),
    ...(reader.take('/') && { per: readDivisor(reader) })
  }
}

function readDivisor(reader: Reader): number {
  const { number } = reader.literal(divisor)
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= maxDivisor) return number
  reader.back()
  return reader.refuse(divisor)
}

const maxDivisor = 1_000_000
const divisor = 'a whole number from 1 to 1000000'

function readOf(reader: Reader): string {
  reader.need('of')
  return reader.word('a field')
}

function readWhere(reader: Reader): { where?: Condition } {
  return reader.take('where') ? { where: readCondition(reader) } : {}
}

function readCondition(reader: Reader): Condition {
  return readParts(reader, 'or', () => readParts(reader, 'and', () => readPart(reader)))
}

function readParts(reader: Reader, kind: 'and' | 'or', read: () => Condition): Condition {
  const parts = [read()]
  while (reader.take(kind)) parts.push(read())
  return parts.length === 1 ? (parts[0] as Condition) : { kind, parts }
}

function readPart(reader: Reader): Condition {
  if (reader.take('not')) return { kind: 'not', part: readPart(reader) }
  if (reader.take('(')) {
    const condition = readCondition(reader)
    reader.need(')')
    return condition
  }
  const field = reader.word('a field, not or (')
  if (reader.take('exists')) return { kind: 'exists', field }
  if (reader.take('in')) return { kind: 'in', field, values: readValues(reader) }
  if (reader.take('not')) {
    reader.need('in')
    return { kind: 'not', part: { kind: 'in', field, values: readValues(reader) } }
  }
  return readComparison(reader, field)
}

function readComparison(reader: Reader, field: string): Condition {
  const sign =
    reader.take('=', '!=', '<', '<=', '>', '>=') ?? reader.refuse('=, !=, <, <=, >, >=, in or exists')
  if (sign === '=' || sign === '!=') {
    const equal: Condition = { kind: 'in', field, values: [reader.literal('a value')] }
    return sign === '=' ? equal : { kind: 'not', part: equal }
  }
  return { kind: 'compare', field, sign: sign as Comparison, than: readNumber(reader) }
}

function readNumber(reader: Reader): number {
  const { number } = reader.literal('a number')
  if (number !== undefined) return number
  reader.back()
  return reader.refuse('a number')
}

function readValues(reader: Reader): readonly Literal[] {
  reader.need('(')
  const values = [reader.literal('a value')]
  while (reader.take(',')) values.push(reader.literal('a value'))
  if (reader.take(')') === undefined) reader.refuse('a comma or )')
  return values
}
