import { expect } from 'vitest'
import type { z } from 'zod'

/** An answer as its schema has it, once it is sure that it has all that the schema names, and nothing else. */
export function fitting<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.parse(answer)
  expect(answer).toEqual(parsed)
  return parsed
}
