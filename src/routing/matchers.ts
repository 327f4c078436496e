import type { Severity } from '../../detectors/types.ts'

export type Labels = Readonly<Record<string, string>>

/** All of an incident that matchers can ask for. */
export interface Labelled {
  readonly kind: string
  readonly segment: string
  readonly severity: Severity
  readonly pipeline: string
  readonly labels: Labels
}

/** What the configuration says of labels. */
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

/** The labels of a kind and segment: those of all, those of its kind, and each dimension of its segment, in that order. */
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

export const fits = (matchers: Matchers, subject: Labelled): boolean => misfit(matchers, subject) === null

/** The first thing that does not fit, for a person; null where all fits. `alsoKinds` are other names of its kind. */
export function misfit(
  { kinds, severities, segments, pipelines, labels }: Matchers,
  subject: Labelled,
  alsoKinds: readonly string[] = []
): string | null {
  const { kind, severity, segment, pipeline } = subject
  if (!fitsAny(kinds, [kind, ...alsoKinds])) return `kind is ${kind}`
  if (severities && !severities.includes(severity)) return `severity is ${severity}`
  if (!fitsAny(segments, [segment])) return `segment is ${segment}`
  if (!fitsAny(pipelines, [pipeline])) return `pipeline is ${pipeline}`
  for (const [name, patterns] of Object.entries(labels)) {
    const value = Object.hasOwn(subject.labels, name) ? subject.labels[name] : undefined
    if (value === undefined && !fitsAny(patterns, [])) return `there is no label ${name}`
    if (value !== undefined && !fitsAny(patterns, [value])) return `label ${name} is ${value}`
  }
  return null
}

/** One of the patterns fits one of the texts, and no pattern after a `!` fits any. Nothing fits only those after `!`. */
export function fitsAny(patterns: readonly string[] | null, texts: readonly string[]): boolean {
  if (patterns === null) return true
  const wanted = patterns.filter(pattern => !pattern.startsWith('!'))
  const unwanted = patterns.filter(pattern => pattern.startsWith('!')).map(pattern => pattern.slice(1))
  const fitting = (pattern: string) => texts.some(text => fitsPattern(pattern, text))
  return (wanted.length === 0 || wanted.some(fitting)) && !unwanted.some(fitting)
}

/** `*` stands for any characters, or none. */
function fitsPattern(pattern: string, text: string): boolean {
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

/**
 * What must fit, all of it; a null list fits everything. Texts may hold `*` for any characters, and begin with `!` for
 * all but that.
 */
export interface Matchers {
  readonly kinds: readonly string[] | null
  readonly severities: readonly Severity[] | null
  readonly segments: readonly string[] | null
  readonly pipelines: readonly string[] | null
  /** By name, such as `team` or a dimension. */
  readonly labels: Readonly<Record<string, readonly string[]>>
}
