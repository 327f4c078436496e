import { layoutFields } from '../decode/layout.ts'
import { furtherFieldsOf } from '../metrics/create.ts'
import type { CrossIssue } from './errors.ts'
import { furtherNames } from './events.ts'
import { nearest } from './nearest.ts'
import type { Config } from './schema.ts'

type Checked = Pick<Config, 'events' | 'kafka' | 'segments' | 'metrics'>

/** Fields that have a place, but that no metric and no dimension asks for: mostly misspelled ones. */
export function checkFurtherFields({ events, kafka, segments, metrics }: Checked): readonly CrossIssue[] {
  const asked = furtherFieldsOf({ segments, metrics })
  const issuesAt = (place: CrossIssue['path'], names: readonly string[]) =>
    names.flatMap((name): CrossIssue[] => {
      if (asked.includes(name)) return []
      const near = nearest(name, [...layoutFields, ...asked])
      const hint = near === undefined ? 'no metric and no dimension asks for it' : `did you mean ${near}?`
      return [{ path: [...place, name], message: `is not a known key; ${hint}`, rule: 'unknown-key' }]
    })
  return [
    ...issuesAt(['events', 'fields'], Object.keys(events.layout.further ?? {})),
    ...[...kafka.layouts].flatMap(([topic, keys]) =>
      issuesAt(['kafka', 'topics', kafka.topics.indexOf(topic), 'fields'], furtherNames(keys))
    )
  ]
}
