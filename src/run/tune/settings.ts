import type { DetectorsOptions } from '../../../detectors/catalogue.ts'
import { kinds as listed } from '../../../detectors/catalogue.ts'
import type { Kind, Tuning } from '../../../detectors/kind.ts'
import { camel } from '../../../detectors/rules/options.ts'
import type { Ladder } from '../../../detectors/types.ts'

type Name = (typeof listed)[number]['kind']

/** A kind with the option that is its threshold. */
export interface Tunable {
  readonly kind: Name
  readonly tuning: Tuning
}

const kinds: readonly Kind<Name>[] = listed

/** Those that can be tried, in the catalogue's order. */
export const tunables: readonly Tunable[] = kinds.flatMap(({ kind, tuning }) =>
  tuning === undefined ? [] : [{ kind, tuning }]
)

type Options = Readonly<Record<string, unknown>>

/** A value that the threshold of a kind could have, and what else has to change with it. */
export interface Setting {
  readonly value: number
  readonly isConfigured: boolean
  /** Severities that would begin below the threshold begin at it; absent where none would. */
  readonly raised?: { readonly key: string; readonly ladder: Ladder }
}

/** How far from the configured threshold the others lie. */
const factors = [0.5, 0.7, 1, 1.4, 2]
const greatestShare = 0.95

/** What the configuration has for a kind's threshold. */
export const configuredOf = ({ kind, tuning }: Tunable, detectors: DetectorsOptions): number =>
  (detectors[kind] as unknown as Options)[camel(tuning.key)] as number

/** The metric that it is mostly found in; of a kind that watches a list, the first of them. */
export const metricOf = ({ kind }: Tunable, { metric_change }: DetectorsOptions): string =>
  (kind === 'metric_change' ? metric_change.metrics[0] : undefined) ??
  kinds.find(one => one.kind === kind)?.metric ??
  ''

/** Whichever finds more stands first. */
export const byStrictness =
  ({ stricter }: Pick<Tuning, 'stricter'>) =>
  (one: Pick<Setting, 'value'>, other: Pick<Setting, 'value'>): number =>
    stricter === 'higher' ? one.value - other.value : other.value - one.value

/** Those of some values, or five around the configured one; the one that finds most first. */
export function settingsOf(
  one: Tunable,
  detectors: DetectorsOptions,
  given?: readonly number[]
): readonly Setting[] {
  const { kind, tuning } = one
  const options = detectors[kind] as unknown as Options
  const configured = configuredOf(one, detectors)
  const values = new Set(
    given ?? factors.map(factor => (factor === 1 ? configured : scaled(configured, factor, tuning)))
  )
  return [...values]
    .map(value => ({ value, isConfigured: value === configured, ...raisedBy(value, tuning, options) }))
    .toSorted(byStrictness(tuning))
}

/** Of what has to fall to a share of its usual value, the fall is scaled. */
function scaled(configured: number, factor: number, { stricter, unit }: Tuning): number {
  const most = unit === 'share' && configured < 1 ? greatestShare : Number.POSITIVE_INFINITY
  if (stricter === 'lower') return rounded(1 - Math.min(most, (1 - configured) * factor))
  return rounded(Math.min(most, (configured === 0 ? 1 / 10 : configured) * factor))
}

const rounded = (value: number): number => Number(value.toPrecision(2))

function raisedBy(value: number, { key }: Tuning, options: Options): Pick<Setting, 'raised'> {
  const raiseKey = `raise_${key}`
  const ladder = options[camel(raiseKey)] as Ladder | undefined
  if (ladder === undefined || ladder.every(({ from }) => from >= value)) return {}
  return {
    raised: { key: raiseKey, ladder: ladder.map(rung => ({ ...rung, from: Math.max(rung.from, value) })) }
  }
}

/** The kind at a setting, beside those that it takes into account; no other is judged. */
export function detectorsWith(
  detectors: DetectorsOptions,
  { kind, tuning }: Tunable,
  { value, raised }: Setting
): DetectorsOptions {
  const beside = new Set([kind, ...(tuning.beside ?? [])])
  const all = detectors as unknown as Readonly<Record<string, Options>>
  const others = kinds.flatMap(({ kind: other }) =>
    beside.has(other) ? [] : [[other, { ...all[other], enabled: false }] as const]
  )
  const own = {
    ...all[kind],
    [camel(tuning.key)]: value,
    ...(raised && { [camel(raised.key)]: raised.ladder })
  }
  return { ...all, ...Object.fromEntries(others), [kind]: own } as unknown as DetectorsOptions
}
