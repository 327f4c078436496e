import type { SeriesRegistry } from './baseline/series-registry.ts'
import { type DetectorsOptions, kinds } from './catalogue.ts'
import type { Detector } from './detector.ts'
import type { Kind } from './kind.ts'

type Name = (typeof kinds)[number]['kind']

export interface KindDetector extends Detector {
  readonly kind: Name
}

/** The detectors of the kinds that are switched on, in the catalogue's order. */
export function createDetectors(shop: SeriesRegistry, options: DetectorsOptions): readonly KindDetector[] {
  const each: readonly Kind<Name>[] = kinds
  return each.flatMap(({ kind, create }) => {
    const own = options[kind]
    const detector = own.enabled && create?.(shop.over('spans' in own ? own.spans : []), own, shop)
    return detector ? [{ kind, ...detector }] : []
  })
}
