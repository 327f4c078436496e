import type { Loaded } from '../../../config/load.ts'
import { catalogueNotes, omissions } from '../../../config/notes.ts'
import {
  closedPageNotes,
  openPortNotes,
  plainMailNotes,
  shortSecretNotes
} from '../../../config/rules/exposure.ts'
import { type Finding, findingsOf } from '../../../config/rules/findings.ts'
import { includes, type Level } from '../../../config/rules/rules.ts'
import { placeholderNotes, sharedWebhookNotes } from '../../../config/rules/webhooks.ts'
import { unpagedNotes } from './unpaged.ts'

/** What a level says of a configuration that can be loaded, in the order of the file. */
export function checkLoaded(loaded: Loaded, level: Level, nowMs: number): readonly Finding[] {
  const { config, given, notes } = loaded
  const { origins } = given
  const strict = () => [...placeholderNotes(config, origins), ...unpagedNotes(loaded, nowMs)]
  const paranoid = () => [
    ...sharedWebhookNotes(config, origins),
    ...plainMailNotes(config, origins),
    ...shortSecretNotes(given),
    ...openPortNotes(config, origins)
  ]
  const all = [
    ...notes,
    ...omissions(config),
    ...closedPageNotes(config, origins),
    ...catalogueNotes(),
    ...(includes(level, 'strict') ? strict() : []),
    ...(includes(level, 'paranoid') ? paranoid() : [])
  ]
  return findingsOf(all, level).toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0))
}
