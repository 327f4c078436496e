import type { JudgedWindow } from '../../detectors/types.ts'
import type { Decision } from '../../src/decide/decision.ts'
import { epoch, minuteMs } from './alerts.ts'

/** The window of a minute, complete, with so many events. */
export function windowAt(minute: number, fields: Partial<JudgedWindow> = {}): JudgedWindow {
  const start = epoch + minute * minuteMs
  return {
    start,
    end: start + minuteMs,
    complete: true,
    records: 0,
    values: new Map(),
    segments: [],
    ...fields
  }
}

/** What follows from a window, nothing unless said. */
export function decisionOf(
  window: JudgedWindow | undefined,
  decided: Partial<Omit<Decision, 'window'>> = {}
): Decision {
  return { window, anomalies: [], incidents: [], notifications: [], ...decided }
}
