import type { NotificationRecord } from '../../incident/types.ts'
import { translator } from '../../language/translator.ts'
import type { RenderOptions } from '../types.ts'
import { environmentMark } from './format.ts'
import type { Message } from './message.ts'
import { plain, plainStart } from './text.ts'

/** Of one line: names of categories come from events and may be of any length. */
const longestLine = 300
const longestLabel = 80

/** The mark of a report before its title. */
const marks: ReadonlyMap<string, string> = new Map([
  ['idle', '💤'],
  ['cost-summary', '💸'],
  ['burn-rate', '🔥']
])

/** A report is written when it is due, and about no incident: there is nothing to acknowledge. */
export function reportMessage(
  { severity, pipeline }: NotificationRecord,
  { name, title, facts = [], sections }: NonNullable<NotificationRecord['report']>,
  renderOptions: Pick<RenderOptions, 'environment' | 'language'>
): Message {
  const whole = `${environmentMark(renderOptions)}${plain(title)}`
  return {
    state: 'summary',
    mark: marks.get(name) ?? '📊',
    severity,
    isOfService: false,
    title: whole,
    headline: whole,
    notes: [],
    facts: facts.map(({ label, text }) => ({
      key: 'reported',
      label: plainStart(label, longestLabel),
      text: plainStart(text, longestLine)
    })),
    parts: sections.map(({ heading, lines }) => ({
      key: 'where',
      heading: plain(heading),
      lines: lines.map(line => plainStart(line, longestLine)),
      links: []
    })),
    links: [],
    mayAcknowledge: false,
    maySilence: false,
    mayEscalate: false,
    mayLabel: false,
    origin: `cartwatch · ${plain(pipeline)}`,
    t: translator(renderOptions.language).t
  }
}
