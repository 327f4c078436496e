import { z } from 'zod'
import { severities } from '../../detectors/types.ts'
import { expectedOf } from '../telemetry/expected.ts'
import { readDocument } from './document.ts'
import type { ConfigError } from './errors.ts'
import type { LookUp } from './interpolate.ts'
import { configErrors } from './issues.ts'
import { nobody } from './receiver-types/receiver-types.ts'
import { routedKinds } from './routes.ts'
import { trimmedText } from './schema-parts.ts'

const instant = z.iso
  .datetime({ offset: true, error: 'a time such as 2026-11-25T09:00:00Z' })
  .transform(written => Date.parse(written))

const expectation = z
  .strictObject({
    kind: z.enum(routedKinds),
    severity: z.enum(severities),
    segment: trimmedText.prefault('all'),
    pipeline: trimmedText.optional(),
    at: instant.optional(),
    /** Receivers in any order; `none` for nobody. */
    to: z.union([trimmedText, z.array(trimmedText)])
  })
  .transform(({ to, at, ...rest }) => ({
    ...rest,
    atMs: at,
    to: [to].flat().filter(name => name !== nobody)
  }))

const fixtureSchema = z.strictObject({ expect: z.array(expectation).min(1) })

/** The receivers that an incident should have, and where the file says so. */
export type ExpectedRoute = z.output<typeof expectation> & { readonly place: string }

export type RouteFixture =
  | { readonly kind: 'read'; readonly expected: readonly ExpectedRoute[] }
  | { readonly kind: 'refused'; readonly errors: readonly ConfigError[] }

/** Reads a file of expected routes. Never throws. */
export function readRouteFixture(source: string, file: string, lookUp: LookUp): RouteFixture {
  const settings = readDocument(source, file, () => lookUp)
  if (settings.errors.length) return { kind: 'refused', errors: settings.errors }
  const parsed = fixtureSchema.safeParse(settings.value, { error: expectedOf })
  if (!parsed.success) return { kind: 'refused', errors: configErrors(parsed.error.issues, settings, file) }
  const placeOf = (index: number): string => {
    const line = settings.origins.get(`expect[${index}]`)?.line
    return line === undefined ? file : `${file}:${line}`
  }
  const expected = parsed.data.expect.map((one, index) => ({ ...one, place: placeOf(index) }))
  return { kind: 'read', expected }
}
