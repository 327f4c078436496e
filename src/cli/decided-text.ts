import type { Decision } from '../decide/decision.ts'
import { noReceiver } from '../incident/notification.ts'

type Decided = Pick<Decision, 'incidents' | 'notifications'>

/** Counts what a run decided, without keeping it. */
export function createDecidedCount(): { add(decided: Decided): void; text(): string } {
  const incidents = new Set<string>()
  const sent = new Map<string, number>()
  let muted = 0
  return {
    add(decided) {
      for (const { id } of decided.incidents) incidents.add(id)
      for (const { receiver, outcome } of decided.notifications) {
        if (outcome === 'muted') muted += 1
        else sent.set(receiver, (sent.get(receiver) ?? 0) + 1)
      }
    },
    /** `4 incidents; messages: 5 to team, 4 to on-call, 2 to nobody, 1 muted`; empty where nothing happened. */
    text() {
      if (incidents.size === 0) return ''
      const messages = [...sent]
        .sort(([, a], [, b]) => b - a)
        .map(([name, count]) => `${count.toLocaleString('en')} to ${name === noReceiver ? 'nobody' : name}`)
      if (muted > 0) messages.push(`${muted.toLocaleString('en')} muted`)
      const of = incidents.size === 1 ? '1 incident' : `${incidents.size.toLocaleString('en')} incidents`
      return `${of}; messages: ${messages.length === 0 ? 'none' : messages.join(', ')}\n`
    }
  }
}
