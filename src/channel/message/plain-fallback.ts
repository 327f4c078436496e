import type { NotificationRecord } from '../../incident/types.ts'
import { cut, plain } from './text.ts'

/** A message as it should be, or plainly, with the name of what went wrong: a fault of ours must silence no alert. */
export function rendered<T>(render: () => T, plainly: (problem: string) => T): T {
  try {
    return render()
  } catch (error) {
    return plainly(error instanceof Error ? error.name : 'fault')
  }
}

/** One line out of nothing but the notification's own texts. */
export function plainlyOf(
  { action, kind, segment, severity, anomalies }: NotificationRecord,
  problem: string
) {
  const details = cut(plain(anomalies.at(-1)?.details ?? ''), 300)
  const what = `${action} · ${severity} · ${cut(plain(kind), 60)} · ${cut(plain(segment), 60)}`
  return `${what} · ${details} (shown plainly: ${plain(problem)})`
}
