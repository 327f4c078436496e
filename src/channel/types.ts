import type { NotificationRecord } from '../incident/types.ts'
import type { Language } from '../language/language.ts'
import type { Http } from './http.ts'

/** What all messages of a configuration have in common. */
export interface RenderOptions {
  /** The shop's currency, ISO 4217. */
  readonly currency: string
  /** Absent: English. A receiver may have one of its own. */
  readonly language?: Language | undefined
  /** IANA name of the time zone that times are shown in. */
  readonly timezone: string
  /** Such as `staging`: stands before titles; absent where the configuration names none. */
  readonly environment?: string | undefined
  readonly dashboardTemplate: string | null
  readonly runbooks: ReadonlyMap<string, Runbook>
  /** A signed link to the page of its incident, which acknowledges it; null where there is no such page. */
  readonly incidentUrl: (notification: NotificationRecord) => string | null
  /** Slack may send clicks back to us, so that buttons act at once. */
  readonly interactive: boolean
}

/** What a channel over HTTP needs beside the settings of its receiver. */
export interface HttpChannelDeps {
  readonly renderOptions: RenderOptions
  readonly http: Http
}

/** What to do about a kind: texts with placeholders as in `dashboardTemplate`; null where the config says nothing. */
export interface Runbook {
  readonly runbookUrl: string | null
  /** What to check first, instead of the words that come with the kind. */
  readonly checkFirst: string | null
}

/** What a dashboard's URL template may name in braces. */
export const dashboardPlaceholders = [
  'kind',
  'segment',
  'metric',
  'severity',
  'pipeline',
  'id',
  'incident',
  'window_start',
  'window_end',
  'window_start_ms',
  'window_end_ms'
] as const
