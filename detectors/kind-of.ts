import { kinds } from './catalogue.ts'
import type { Kind } from './kind.ts'
import { serviceKinds } from './service-kinds.ts'

/** What is known of every kind; of one that a service raises, less than of those that are found here. */
type Listed = Pick<Kind, 'kind' | 'title' | 'checkFirst' | 'area'> &
  Partial<
    Pick<
      Kind,
      | 'adviceOn'
      | 'alwaysNotifiesEnd'
      | 'symptomOf'
      | 'inhibits'
      | 'explainable'
      | 'foundInSegments'
      | 'separatesRules'
    >
  > & { readonly about: Kind['about'] | 'service'; readonly source: Source }

/** Where alerts of a kind come from: closed windows, the state of the pipeline, or another service. */
type Source = Kind['source'] | 'service'

/** All that alerts can be of: what routes, silences and settings may name. */
export const allKinds: readonly Listed[] = [...kinds, ...serviceKinds]

const byName: ReadonlyMap<string, Listed> = new Map(allKinds.map(kind => [kind.kind, kind]))

/** What is known of a kind; undefined of one that only another version has. */
export const kindOf = (kind: string): Listed | undefined => byName.get(kind)

/** Whether its findings say that events are missing, which kinds that are symptoms of it show as well. */
export function saysEventsAreMissing(kind: string): boolean {
  const target = kindOf(kind)?.inhibits
  return target !== undefined && 'symptomsOf' in target
}

/** Of a kind that only another version has, windows. */
export const sourceOf = (kind: string): Source => kindOf(kind)?.source ?? 'windows'

/** Whether another service raises it. */
export const isOfService = (kind: string): boolean => sourceOf(kind) === 'service'

/** Whether a kind is found in the state of the pipeline, not in windows: no replay of the log finds it again. */
export const isOfPipeline = (kind: string): boolean => kindOf(kind)?.source === 'pipeline'
