import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { allKinds } from '../../detectors/kind-of.ts'
import { severities } from '../../detectors/types.ts'
import { nearest } from '../config/nearest.ts'
import { namesAny } from '../routing/matchers.ts'

/** Options that take texts as a route's match does: several, of which one must match, with `*` and a leading `!`. */
const kindNames = allKinds.map(({ kind }) => kind)

export const kindOption = (what: string) =>
  patternOption('--kind <kind...>', `${what}: ${kindNames.join(', ')}`, {
    names: kindNames,
    expected: 'a kind such as data_loss, or a pattern such as *_drop'
  })

export const severityOption = (what: string) =>
  patternOption('--severity <severity...>', what, {
    names: severities,
    expected: 'low, medium, high or critical'
  })

export const segmentOption = (what: string) =>
  patternOption('--segment <segment...>', `${what}, such as country=DE or 'category=*'`)

interface Known {
  readonly names: readonly string[]
  readonly expected: string
}

function patternOption<const Flags extends string>(flags: Flags, what: string, known?: Known) {
  return new Option(flags, what).argParser((pattern: string, before: string[] | undefined): string[] => {
    if (known !== undefined && !namesAny(pattern, known.names)) {
      const near = nearest(pattern, known.names)
      throw new InvalidArgumentError(
        `Expected ${known.expected}${near === undefined ? '' : ` (did you mean ${near}?)`}.`
      )
    }
    return [...(before ?? []), pattern]
  })
}
