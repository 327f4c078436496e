import { isDeepStrictEqual } from 'node:util'
import { dimensionOf, type ThresholdRule } from '../../detectors/thresholds/options.ts'
import { severities } from '../../detectors/types.ts'
import type { Matchers } from '../routing/matchers.ts'
import { type Labels, matchesAny } from '../routing/matchers.ts'
import { matchesAll, type RouteConfig, routedKinds } from './routes.ts'

/** What subjects there can be: what the configuration says of labels and of watched segments. */
export interface KnownSubjects {
  readonly labels: Labels
  readonly alerting: { readonly labelsOfKinds: ReadonlyMap<string, Labels> }
  /** Dimensions and combinations that are judged. */
  readonly segments: { readonly watch: readonly string[] }
  /** Those of thresholds: what they find is in segments of their own. */
  readonly rules?: readonly Pick<ThresholdRule, 'dimension' | 'segment'>[]
}

interface Unreachable {
  readonly index: number
  readonly message: string
}

/** Routes that nothing can match, since nothing is as they want it or since those before them take all of it. */
export function unreachable(routes: readonly RouteConfig[], known: KnownSubjects | undefined): Unreachable[] {
  const found: Unreachable[] = []
  const catchAll = routes.findIndex(route => matchesAll(route) && !route.continues)
  if (catchAll >= 0 && catchAll < routes.length - 1) {
    const message =
      'matches everything, so the routes after it are never reached; put it last or set continue: true'
    found.push({ index: catchAll, message })
  }
  for (const [index, route] of routes.entries()) {
    const impossible = whyImpossible(route.match, known)
    if (impossible !== undefined) found.push({ index, message: impossible })
    else if (!matchesAll(route) && (catchAll < 0 || index < catchAll)) {
      const takers = takersOf(route, routes.slice(0, index))
      if (takers.length) {
        const names = takers.map(taker => `routes[${taker}]`).join(' and ')
        found.push({
          index,
          message: `is never reached: ${names} before it ${takers.length > 1 ? 'match' : 'matches'} all of it`
        })
      }
    }
  }
  return found.sort((one, other) => one.index - other.index)
}

/** Every kind and severity that a match lets through. */
function pairsOf({ kinds, severities: wanted }: Matchers): string[] {
  return routedKinds
    .filter(kind => matchesAny(kinds, [kind]))
    .flatMap(kind => (wanted ?? severities).map(severity => `${kind} ${severity}`))
}

/** The routes before one that together leave nothing for it; empty where something is left. */
function takersOf(route: RouteConfig, before: readonly RouteConfig[]): number[] {
  const left = new Set(pairsOf(route.match))
  const takers: number[] = []
  for (const [index, taker] of before.entries()) {
    if (taker.continues || !coversElse(taker, route)) continue
    const taken = pairsOf(taker.match).filter(pair => left.delete(pair))
    if (taken.length) takers.push(index)
    if (left.size === 0) return takers
  }
  return []
}

/** Whether one route takes all that another does, but for kinds and severities. */
function coversElse(one: RouteConfig, other: RouteConfig): boolean {
  return (
    covers(one.match.segments, other.match.segments) &&
    covers(one.match.pipelines, other.match.pipelines) &&
    Object.entries(one.match.labels).every(([name, patterns]) =>
      covers(patterns, other.match.labels[name] ?? null)
    ) &&
    (one.when.length === 0 || isDeepStrictEqual(one.when.toSorted(), other.when.toSorted()))
  )
}

/** Surely so; of two patterns only the same ones are known to cover each other. */
function covers(one: readonly string[] | null, other: readonly string[] | null): boolean {
  if (one === null) return true
  if (other === null) return false
  const isExact = other.every(pattern => !/^!|\*/.test(pattern))
  return isExact
    ? other.every(text => matchesAny(one, [text]))
    : isDeepStrictEqual(one.toSorted(), other.toSorted())
}

function whyImpossible(match: Matchers, known: KnownSubjects | undefined): string | undefined {
  if (pairsOf(match).length === 0) {
    return match.severities?.length === 0
      ? 'can never match: no severity is left'
      : 'can never match: no kind is left'
  }
  if (known === undefined) return undefined
  const { labels, alerting, segments, rules = [] } = known
  const ofRules = rules.map(rule => ['rule', dimensionOf(rule) ?? []].flat().join(' × '))
  const dimensions = [...segments.watch, ...new Set(ofRules)]
  const positive = match.segments?.filter(pattern => !pattern.startsWith('!')) ?? []
  const strange = positive.filter(pattern => !canBeSegment(pattern, dimensions))
  if (positive.length && strange.length === positive.length) {
    const watched = [
      'all',
      ...dimensions.map(name =>
        name
          .split(' × ')
          .map(one => `${one}=…`)
          .join(' × ')
      )
    ]
    return `can never match: no segment is ${strange.join(' or ')}; there are ${watched.join(', ')} (segments.watch)`
  }
  for (const [name, patterns] of Object.entries(match.labels)) {
    if (patterns.every(pattern => pattern.startsWith('!'))) continue
    if (dimensions.some(one => one.split(' × ').includes(name))) continue
    const sources = [labels, ...alerting.labelsOfKinds.values()]
    const values = sources.flatMap(one => (Object.hasOwn(one, name) ? [one[name] as string] : []))
    if (values.some(value => matchesAny(patterns, [value]))) continue
    const names = [
      ...new Set([...sources.flatMap(Object.keys), ...dimensions.flatMap(one => one.split(' × '))])
    ]
    return values.length
      ? `can never match: the label ${name} is never ${patterns.join(' or ')}; it may be ${[...new Set(values)].join(', ')}`
      : `can never match: there is no label ${name}; there are ${names.join(', ')}`
  }
  return undefined
}

/** Whether the text before its first `=` or `*` can begin the name of a segment. */
function canBeSegment(pattern: string, dimensions: readonly string[]): boolean {
  if (matchesAny([pattern], ['all'])) return true
  const [first = ''] = pattern.split(/[=*]/)
  const isWhole = pattern[first.length] === '='
  return dimensions.some(name => {
    const [dimension = ''] = name.split(' × ')
    return isWhole ? dimension === first : pattern.includes('*') && dimension.startsWith(first)
  })
}
