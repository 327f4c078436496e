import type { Envelope } from '../decode/envelope.ts'
import { typeNameOf } from '../decode/fields.ts'
import { eventTypes, type Layout, type TypeMeaning } from '../decode/layout.ts'
import type { Scalar } from './survey.ts'
import { meaningOf } from './type-words.ts'

export interface TypeFound {
  /** As it came. */
  readonly name: string
  readonly count: number
  /** Undefined if its name does not say. */
  readonly meaning: TypeMeaning | undefined
}

const maxTypes = 50

/** The types that records have, the most frequent first, and what they mean; the operations of changed orders too. */
export function typesOf(
  values: readonly Scalar[],
  preset: Layout,
  opened: readonly Envelope[],
  isOrders: boolean
): readonly TypeFound[] {
  const counts = new Map<string, number>()
  for (const value of values) {
    const name = typeNameOf(value)
    if (name !== undefined && (counts.has(name) || counts.size < maxTypes))
      counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const areChanges = isOrders && opened.every(({ kind }) => kind === 'change')
  if (areChanges) for (const name of Object.keys(changeMeanings)) counts.set(name, counts.get(name) ?? 0)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => ({
      name,
      count,
      meaning:
        (areChanges ? changeMeanings[name] : undefined) ?? knownMeaning(name, preset) ?? meaningOf(name)
    }))
}

/** An order is bought when its row comes; what is changed later is no purchase. All of them may come. */
const changeMeanings: Readonly<Record<string, TypeMeaning>> = { c: 'purchase', r: 'purchase', u: 'other' }

function knownMeaning(name: string, preset: Layout): TypeMeaning | undefined {
  return Object.hasOwn(preset.eventTypes, name)
    ? preset.eventTypes[name]
    : eventTypes.find(type => type === name)
}
