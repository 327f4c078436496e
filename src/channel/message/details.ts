import type { Anomaly } from '../../../detectors/types.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { Said } from '../../language/phrase.ts'
import { translator } from '../../language/translator.ts'
import type { RenderOptions } from '../types.ts'
import { plain } from './text.ts'

type Options = Pick<RenderOptions, 'language'>

/** The finding's sentence in the language of the message. An earlier version stored it in English alone. */
export const sentenceOf = ({ details, said }: Anomaly, { language }: Options): string =>
  inLanguage(said, details, language)

/** The same on one line, made of what can be shown. */
export const detailsOf = (anomaly: Anomaly, options: Options): string => plain(sentenceOf(anomaly, options))

/** The sentences of what an incident inhibits. */
export const inhibitedLines = (
  { inhibits, inhibitsSaid = [] }: NotificationRecord,
  { language }: Options
): string[] => inhibits.map((line, at) => inLanguage(inhibitsSaid[at], line, language))

function inLanguage(said: Said | null | undefined, text: string, language: Options['language']): string {
  if (!said || language === undefined || language === 'en') return text
  return translator(language).say(said) ?? text
}
