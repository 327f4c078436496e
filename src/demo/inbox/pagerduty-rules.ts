import { isJsonObject, type Json, type JsonObject, textAt } from './json.ts'

export const maxBodyBytes = 512 * 1024

/** What PagerDuty's Events API v2 finds wrong with an event; empty for one that it takes. */
export function pagerDutyFaults(body: Json | undefined, keys: ReadonlySet<string>): string[] {
  if (!isJsonObject(body)) return ['Event object is invalid']
  const { routing_key, event_action, dedup_key, payload } = body
  const faults: string[] = []
  if (typeof routing_key !== 'string' || routing_key.length !== 32) {
    faults.push("'routing_key' must be 32 characters")
  } else if (!keys.has(routing_key)) faults.push('Invalid routing key')
  if (dedup_key !== undefined && !isName(dedup_key)) faults.push("'dedup_key' must be 1 to 255 characters")
  switch (event_action) {
    case 'trigger':
      return [...faults, ...payloadFaults(payload), ...topFaults(body)]
    case 'acknowledge':
    case 'resolve':
      return dedup_key === undefined ? [...faults, "'dedup_key' is missing"] : faults
    default:
      return [...faults, "'event_action' must be trigger, acknowledge or resolve"]
  }
}

function payloadFaults(payload: Json | undefined): string[] {
  if (!isJsonObject(payload)) return ["'payload' is missing or blank"]
  const { summary, source, timestamp } = payload
  const faults: string[] = []
  if (!isFilled(summary, 1_024)) faults.push("'payload.summary' must be 1 to 1,024 characters")
  if (!isFilled(source, Number.POSITIVE_INFINITY)) faults.push("'payload.source' is missing or blank")
  if (!['critical', 'error', 'warning', 'info'].includes(textAt(payload, 'severity'))) {
    faults.push(
      "'payload.severity' is invalid (must be one of the following: critical, error, warning, info)"
    )
  }
  if (timestamp !== undefined && Number.isNaN(Date.parse(textAt(payload, 'timestamp')))) {
    faults.push("'payload.timestamp' is invalid")
  }
  for (const name of ['component', 'group', 'class'] as const) {
    const value = payload[name]
    if (value !== undefined && typeof value !== 'string') faults.push(`'payload.${name}' must be a string`)
  }
  for (const name of ['images', 'links', 'client', 'client_url'] as const) {
    if (payload[name] !== undefined) faults.push(`'${name}' belongs beside the payload, not into it`)
  }
  return faults
}

function topFaults({ links, images, client, client_url }: JsonObject): string[] {
  const faults: string[] = []
  const areLinks = (list: Json | undefined, field: 'href' | 'source'): boolean =>
    list === undefined || (Array.isArray(list) && list.every(item => URL.canParse(textAt(item, field))))
  if (!areLinks(links, 'href')) faults.push("'links' must be a list of objects with an href")
  if (!areLinks(images, 'source')) faults.push("'images' must be a list of objects with a source")
  for (const [name, value] of Object.entries({ client, client_url })) {
    if (value !== undefined && typeof value !== 'string') faults.push(`'${name}' must be a string`)
  }
  return faults
}

const isFilled = (value: Json | undefined, max: number): boolean =>
  typeof value === 'string' && value.trim() !== '' && value.length <= max
const isName = (value: Json): boolean => isFilled(value, 255)

/** What became of an event that was taken. `dropped`: nothing was open under that key and routing key. */
export type PageEffect = 'opened' | 'deduplicated' | 'acknowledged' | 'resolved' | 'dropped'

/** A dedup key as PagerDuty sees it. */
export interface Page {
  readonly dedupKey: string
  readonly status: 'open' | 'acknowledged' | 'resolved'
  /** How often an incident was opened under it: once, if the sender is right. */
  readonly opened: number
}

export function createPages() {
  const pages = new Map<string, Page>()
  return {
    apply(routingKey: string, action: string, dedupKey: string): PageEffect {
      const key = `${routingKey} ${dedupKey}`
      const page = pages.get(key)
      const lasts = page !== undefined && page.status !== 'resolved'
      if (action === 'trigger') {
        if (!lasts) pages.set(key, { dedupKey, status: 'open', opened: (page?.opened ?? 0) + 1 })
        return lasts ? 'deduplicated' : 'opened'
      }
      if (!lasts) return 'dropped'
      const status = action === 'resolve' ? 'resolved' : 'acknowledged'
      pages.set(key, { ...page, status })
      return status
    },
    all: () => [...pages.values()]
  }
}
