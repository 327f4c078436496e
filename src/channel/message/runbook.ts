import { kindOf } from '../../../detectors/kind-of.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { RenderOptions } from '../types.ts'
import { filledText, filledUrl } from './template.ts'
import { plain } from './text.ts'

const ofAnyKind = 'Look at what changed around that time, and at the dashboard of this metric.'

/** What to do about it: the configuration's words, else those that come with the kind. */
export function adviceOn(notification: NotificationRecord, { runbooks }: Pick<RenderOptions, 'runbooks'>) {
  const guide = runbooks.get(notification.kind)
  const own = guide?.checkFirst
  return {
    checkFirst: own
      ? plain(filledText(own, notification))
      : (kindOf(notification.kind)?.checkFirst ?? ofAnyKind),
    runbookUrl: filledUrl(guide?.runbookUrl ?? null, notification)
  }
}
