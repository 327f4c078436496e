/** Why a notification is sent or, with `silenced` and `inhibited_by` alone, why it is not. */
export type Reason =
  | { readonly type: PlainReason }
  | { readonly type: 'silenced'; readonly silenceId: string }
  | { readonly type: 'inhibited_by'; readonly kind: string }
  /** The receiver that refused it for good; this one is the default receiver. */
  | { readonly type: 'refused_elsewhere'; readonly receiver: string }
  /** The receiver that takes no messages now; this one is its fallback. */
  | { readonly type: 'fallback'; readonly receiver: string }
  /** Nobody acknowledged it in time, or somebody asked for the level; it counts from 1. */
  | { readonly type: 'escalated'; readonly level: number }
  /** Written by another version; kept as it is. */
  | { readonly type: 'unknown'; readonly text: string }

export type ReasonType = Reason['type']
export type SuppressedReason = Extract<Reason, { type: 'silenced' | 'inhibited_by' }>
type PlainReason = keyof typeof plainTexts

/** Reasons that need no name behind them, and how they are stored. */
const plainTexts = {
  opened: 'opened',
  /** Found during a catch-up, and still there after it. */
  still_open: 'still_open',
  severity_rose: 'severity_rose',
  /** Another alert of the same cause joined: a message that can be edited grows. */
  more_found: 'more_found',
  came_back: 'came_back',
  flapping: 'flapping',
  reminder: 'reminder',
  acknowledged: 'acknowledged',
  /** Somebody else acknowledged it later. */
  taken_over: 'taken_over',
  recovered: 'recovered',
  /** It did not come back: what was found is what is expected from now on. */
  new_level: 'new_level',
  catch_up: 'catch_up',
  route_changed: 'route_changed',
  silence_ended: 'silence_ended',
  inhibition_ended: 'no_longer_explained',
  /** A silence ended the page. */
  page_silenced: 'silenced',
  test: 'test',
  /** Its time has come. */
  report: 'report'
} as const

const plainTypes: ReadonlyMap<string, PlainReason> = new Map(
  Object.entries(plainTexts).map(([type, text]) => [text, type as PlainReason])
)

/** As the store, logs, webhooks and commands show it. Ids are made of it, so it never changes. */
export function formatReason(reason: Reason): string {
  switch (reason.type) {
    case 'silenced':
      return `silenced:${reason.silenceId}`
    case 'inhibited_by':
      return `explained_by:${reason.kind}`
    case 'refused_elsewhere':
      return `refused_elsewhere:${reason.receiver}`
    case 'fallback':
      return `fallback:${reason.receiver}`
    case 'escalated':
      return `escalated:${reason.level}`
    case 'unknown':
      return reason.text
    default:
      return plainTexts[reason.type]
  }
}

export function parseReason(text: string): Reason {
  const plain = plainTypes.get(text)
  if (plain !== undefined) return { type: plain }
  const at = text.indexOf(':')
  const named = text.slice(at + 1)
  switch (text.slice(0, Math.max(at, 0))) {
    case 'silenced':
      return { type: 'silenced', silenceId: named }
    case 'explained_by':
      return { type: 'inhibited_by', kind: named }
    case 'refused_elsewhere':
      return { type: 'refused_elsewhere', receiver: named }
    case 'fallback':
      return { type: 'fallback', receiver: named }
    case 'escalated':
      return { type: 'escalated', level: Number(named) }
    default:
      return { type: 'unknown', text }
  }
}

export const isSuppression = (reason: Reason): reason is SuppressedReason =>
  reason.type === 'silenced' || reason.type === 'inhibited_by'

/** It was sent to another receiver first. */
export const isReroute = ({ type }: Reason): boolean => type === 'refused_elsewhere' || type === 'fallback'
