/**
 * How often a property is tried: what `npm test` has time for, times TEST_TRIES where that is set, as in
 * `TEST_TRIES=10 npx vitest run --project unit property`.
 */
export const tries = (usual: number): number =>
  Math.max(1, Math.round(usual * Number(process.env['TEST_TRIES'] ?? 1)))

/** The seeds of so many tries. */
export const seedsOf = (usual: number): readonly number[] =>
  Array.from({ length: tries(usual) }, (_, index) => index + 1)
