import { conditionOf } from '../../incident/impact.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { Translate } from '../../language/translator.ts'
import { minuteMs } from '../../time/units.ts'
import type { RenderOptions } from '../types.ts'
import { clockText } from './format.ts'
import { plainStart } from './text.ts'

const longestWhat = 200

/** `checkout 4.2 deployed 14:02, 6 minutes before`: what was changed before the incident began. */
export function changeLines(
  { changes = [], incident }: NotificationRecord,
  renderOptions: RenderOptions,
  t: Translate
): readonly string[] {
  if (incident === null) return []
  const { conditionFrom } = conditionOf(incident)
  return changes.map(({ kind, what, at }) =>
    t(`change.${kind}`, {
      what: plainStart(what, longestWhat),
      time: clockText(at, renderOptions),
      span: t('span.minute', { count: Math.max(1, Math.round((conditionFrom - at) / minuteMs)) })
    })
  )
}
