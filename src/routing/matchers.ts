import { type Severity, severities } from '../../detectors/types.ts'

export type Labels = Readonly<Record<string, string>>

/**
 * All of these must match; a null list matches everything. In a pattern `*` matches any characters, and a leading `!`
 * everything but the rest.
 */
export interface Matchers {
  readonly kinds: readonly string[] | null
  readonly severities: readonly Severity[] | null
  readonly segments: readonly string[] | null
  readonly pipelines: readonly string[] | null
  /** By name, such as `team` or a dimension. */
  readonly labels: Readonly<Record<string, readonly string[]>>
}

export interface Subject {
  readonly kind: string
  readonly segment: string
  readonly severity: Severity
  /** Of an incident: what its alerts are about, the one that leads among them. */
  readonly alerts?: readonly (Pick<Subject, 'kind' | 'segment'> & {
    readonly status: string
    /** With the labels that a service gave it. */
    readonly lastAnomaly?: { readonly labels?: Labels }
  })[]
}

/** Everything about an incident that matchers can look at. */
export interface Labelled extends Omit<Subject, 'alerts'> {
  readonly pipeline: string
  readonly labels: Labels
}

export interface ConfiguredLabels {
  readonly labels: Labels
  readonly labelsOfKinds: ReadonlyMap<string, Labels>
}

export const anything: Matchers = {
  kinds: null,
  severities: null,
  segments: null,
  pipelines: null,
  labels: {}
}

/** The labels of a kind and segment: the common ones, then those of the kind, then one per dimension of the segment. Later ones win. */
export function labelsOf({ labels, labelsOfKinds }: ConfiguredLabels, kind: string, segment: string): Labels {
  return { ...labels, ...labelsOfKinds.get(kind), ...dimensionsOf(segment) }
}

/** `country=DE × payment_method=paypal` has two; `all` has none. */
function dimensionsOf(segment: string): Labels {
  const parts = segment.split(' × ').map(part => [part.indexOf('='), part] as const)
  return Object.fromEntries(
    parts.filter(([at]) => at > 0).map(([at, part]) => [part.slice(0, at), part.slice(at + 1)])
  )
}

export const matches = (matchers: Matchers, subject: Labelled): boolean =>
  mismatch(matchers, subject) === null

/** The first mismatch, as text for a person; null if everything matches. `alsoKinds` are further kinds that the subject has. */
export function mismatch(
  { kinds, severities, segments, pipelines, labels }: Matchers,
  subject: Labelled,
  alsoKinds: readonly string[] = []
): string | null {
  const { kind, severity, segment, pipeline } = subject
  if (!matchesAny(kinds, [kind, ...alsoKinds])) return `kind is ${kind}`
  if (severities && !severities.includes(severity)) return `severity is ${severity}`
  if (!matchesAny(segments, [segment])) return `segment is ${segment}`
  if (!matchesAny(pipelines, [pipeline])) return `pipeline is ${pipeline}`
  for (const [name, patterns] of Object.entries(labels)) {
    const value = Object.hasOwn(subject.labels, name) ? subject.labels[name] : undefined
    if (value === undefined && !matchesAny(patterns, [])) return `there is no label ${name}`
    if (value !== undefined && !matchesAny(patterns, [value])) return `label ${name} is ${value}`
  }
  return null
}

/** Some pattern matches some text, and no pattern after a `!` matches any. Without texts, only patterns after `!` match. */
export function matchesAny(patterns: readonly string[] | null, texts: readonly string[]): boolean {
  if (patterns === null) return true
  const wanted = patterns.filter(pattern => !pattern.startsWith('!'))
  const unwanted = patterns.filter(pattern => pattern.startsWith('!')).map(pattern => pattern.slice(1))
  const matching = (pattern: string) => texts.some(text => matchesPattern(pattern, text))
  return (wanted.length === 0 || wanted.some(matching)) && !unwanted.some(matching)
}

/** Whether a pattern, after its `!` if it has one, matches any of the texts. */
export const namesAny = (pattern: string, texts: readonly string[]): boolean =>
  matchesAny([pattern.replace(/^!/, '')], texts)

/** The severities that patterns leave; null where none are given. */
export const severitiesOf = (patterns: readonly string[] | null): readonly Severity[] | null =>
  patterns && severities.filter(severity => matchesAny(patterns, [severity]))

/** `*` matches any characters, or none. */
function matchesPattern(pattern: string, text: string): boolean {
  const [first = '', ...others] = pattern.split('*')
  const last = others.pop()
  if (last === undefined) return pattern === text
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let from = first.length
  for (const part of others) {
    const at = text.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return from <= text.length - last.length
}
