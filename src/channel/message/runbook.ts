import { kindOf } from '../../../detectors/kind-of.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { isKey, type Translate, translator } from '../../language/translator.ts'
import type { RenderOptions } from '../types.ts'
import { type FilledText, filledText, filledUrl } from './placeholders.ts'

/** What to do about it: the configuration's words, else those that fit what was found. */
export function adviceOn(
  notification: NotificationRecord,
  { runbooks, language }: Pick<RenderOptions, 'runbooks' | 'language'>
) {
  const guide = runbooks.get(notification.kind)
  return {
    checkFirst: guide?.checkFirst
      ? filledText(guide.checkFirst, notification)
      : ofKind(notification, translator(language).t),
    runbookUrl: filledUrl(guide?.runbookUrl ?? null, notification)
  }
}

function ofKind({ kind: name, anomalies, incident }: NotificationRecord, t: Translate): FilledText {
  const kind = kindOf(name)
  const found = anomalies.at(-1)
  const explainedBy = found?.explainedBy?.length ? found.explainedBy : (incident?.explainedBy ?? [])
  const fitting = found && kind?.adviceOn?.({ ...found, explainedBy }, t)
  const key = `kind.${name}.check_first`
  const usual = isKey(key) ? t(key) : kind?.checkFirst
  return { text: fitting ?? usual ?? t('advice.any'), links: [] }
}
