import type { NotificationRecord } from '../../incident/types.ts'
import type { RenderOptions } from '../types.ts'
import { cut, plain } from './text.ts'

/** A message as it should be, or plainly, with the name of what went wrong: a fault of ours must silence no alert. */
export function rendered<Content>(
  notification: NotificationRecord,
  renderOptions: RenderOptions,
  render: (notification: NotificationRecord, renderOptions: RenderOptions) => Content,
  plainly: (notification: NotificationRecord, problem: string) => Content
): Content {
  try {
    return render(notification, renderOptions)
  } catch (error) {
    return plainly(notification, error instanceof Error ? error.name : 'fault')
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
