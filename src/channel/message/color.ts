import type { Severity } from '../../../detectors/types.ts'
import type { Message } from './message.ts'

const colors: Readonly<Record<Severity, string>> = {
  critical: '#d32f2f',
  high: '#ff9800',
  medium: '#ffc107',
  low: '#2196f3'
}

export const colorOf = ({ state, severity }: Pick<Message, 'state' | 'severity'>): string =>
  state === 'resolved' ? '#36a64f' : colors[severity]
