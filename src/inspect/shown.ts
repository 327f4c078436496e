import { visible } from '../telemetry/visible-text.ts'
import { textOf } from './survey.ts'

const maxExample = 40

/** Records hold what anybody may have sent: short, and nothing that a terminal would obey. */
export function shown(value: unknown): string {
  const text = visible(textOf(value).slice(0, 4 * maxExample))
  return text.length > maxExample ? `${text.slice(0, maxExample)}…` : text
}
