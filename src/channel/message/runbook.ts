import { kindOf } from '../../../detectors/kind-of.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { RenderOptions } from '../types.ts'
import { type FilledText, filledText, filledUrl } from './template.ts'

const ofAnyKind = 'Look at what changed around that time, and at the dashboard of this metric.'

/** What to do about it: the configuration's words, else those that fit what was found. */
export function adviceOn(notification: NotificationRecord, { runbooks }: Pick<RenderOptions, 'runbooks'>) {
  const guide = runbooks.get(notification.kind)
  return {
    checkFirst: guide?.checkFirst ? filledText(guide.checkFirst, notification) : ofKind(notification),
    runbookUrl: filledUrl(guide?.runbookUrl ?? null, notification)
  }
}

function ofKind({ kind: name, anomalies, incident }: NotificationRecord): FilledText {
  const kind = kindOf(name)
  const found = anomalies.at(-1)
  const explainedBy = found?.explainedBy?.length ? found.explainedBy : (incident?.explainedBy ?? [])
  const fitting = found && kind?.adviceOn?.({ ...found, explainedBy })
  return { text: fitting ?? kind?.checkFirst ?? ofAnyKind, links: [] }
}
