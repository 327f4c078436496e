import type { Severity } from '../../../detectors/types.ts'
import type { Message } from './message.ts'

const colors: Readonly<Record<Severity, string>> = {
  critical: '#d32f2f',
  high: '#ff9800',
  medium: '#ffc107',
  low: '#2196f3'
}

/** As the users of other services know them. */
const serviceColors: Readonly<Record<Severity, string>> = {
  ...colors,
  medium: '#ff9800',
  low: '#36a64f'
}

export const colorOf = ({
  state,
  severity,
  isOfService = false
}: Pick<Message, 'state' | 'severity'> & Partial<Pick<Message, 'isOfService'>>): string => {
  if (state === 'resolved') return '#36a64f'
  return isOfService ? serviceColors[severity] : colors[severity]
}
