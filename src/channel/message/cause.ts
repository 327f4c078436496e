import type { Cause } from '../../incident/cause.ts'
import { causePatterns, keysOf } from '../../incident/cause-patterns.ts'
import { english, type Translate } from '../../language/translator.ts'

/** A stored cause has its English texts; what another version said in other words stays. */
export function causeTitle({ id, title }: Cause, t: Translate): string {
  const pattern = causePatterns.find(one => one.id === id && one.title === title)
  return pattern ? t(keysOf(pattern).title) : title
}

export function causeText({ id, text }: Cause, t: Translate): string {
  const usual = ` ${english('cause.traffic_as_usual')}`
  const isUsual = text.endsWith(usual)
  const rest = isUsual ? text.slice(0, -usual.length) : text
  const pattern = causePatterns.find(one => one.id === id && one.text === rest)
  if (!pattern) return text
  const own = t(keysOf(pattern).text)
  return isUsual ? `${own} ${t('cause.traffic_as_usual')}` : own
}
