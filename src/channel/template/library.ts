import { createRequire } from 'node:module'
import type { Context, Expression, RangeToken } from 'liquidjs'

type Library = typeof import('liquidjs')

let loaded: Library | undefined

/** LiquidJS, loaded for the first template: most shops have none. */
export function liquidLibrary(): Library {
  loaded ??= guarded(createRequire(import.meta.url)('liquidjs') as Library)
  return loaded
}

/**
 * A range counts up by 1 from its first number, and from 2^53 on adding 1 changes nothing: it would never end. So the ends
 * of every range that is read are checked when they are evaluated.
 */
function guarded(library: Library): Library {
  const { prototype } = library.Tokenizer
  const original = prototype.readGroupOrRange
  prototype.readGroupOrRange = function readGroupOrRange() {
    const token = original.call(this)
    if (token && 'lhs' in token) {
      token.lhs = checked(token.lhs, library)
      token.rhs = checked(token.rhs, library)
    }
    return token
  }
  return library
}

type End = RangeToken['lhs']

/** The same value, evaluated as one with filters is, which has none. */
function checked(end: End, { Expression: OfTokens, Token, TokenKind, evalTokenValue }: Library): End {
  const initial: Expression = new OfTokens([end].values())
  initial.evaluate = function* evaluate(context: Context): Generator<unknown> {
    const value = yield* evalTokenValue(end, context)
    if (!Number.isSafeInteger(Number(value)))
      throw new Error('a range needs whole numbers at both ends, such as (1..5)')
    return value
  }
  const { input, begin, end: ends, file } = end
  const token = { kind: TokenKind.FilteredValue, initial, filters: [], input, begin, end: ends, file }
  return Object.assign(Object.create(Token.prototype), token) as End
}
