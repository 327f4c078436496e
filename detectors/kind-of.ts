import { kinds } from './catalogue.ts'
import type { Kind } from './kind.ts'

type Listed = Omit<Kind, 'options' | 'create'>

const byName: ReadonlyMap<string, Listed> = new Map(kinds.map(kind => [kind.kind, kind]))

/** What is known of a kind; undefined of one that only another version has. */
export const kindOf = (kind: string): Listed | undefined => byName.get(kind)

/** Whether its findings say that events are missing, which kinds that are symptoms of it show as well. */
export function saysEventsAreMissing(kind: string): boolean {
  const target = kindOf(kind)?.inhibits
  return target !== undefined && 'symptomsOf' in target
}

/** Whether a kind is found in the state of the pipeline, not in windows: no replay of the log finds it again. */
export const isOfPipeline = (kind: string): boolean => kindOf(kind)?.source === 'pipeline'
