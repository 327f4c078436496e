import { Link } from 'wouter-preact'
import type { Incident } from '../../src/web/api/incidents.ts'
import { formatOf } from '../format/amount.ts'
import { durationText, momentText, timeText } from '../format/time.ts'
import { Severity } from './severity.tsx'

/** An incident in a list: what broke, since when, what it costs and who has it. */
export function IncidentRow({ incident }: { readonly incident: Incident }) {
  const { id, title, severity, details, cause, acknowledged_by: by, silenced_by: silence, label } = incident
  const loss = lossText(incident)
  return (
    <li class={`incident ${severity} ${incident.status}`}>
      <div class="line">
        <Severity of={severity} />
        <Link href={`/incidents/${id}`} class="title incident-link">
          {title}
        </Link>
      </div>
      <p class="sentence">{details}</p>
      {cause !== null && <p class="sentence">{cause.text}</p>}
      <p class="facts">
        <span>{lastedText(incident)}</span>
        {loss !== null && <b>{loss}</b>}
        <span class={by === null && incident.status === 'open' ? 'nobody' : ''}>{hasItText(incident)}</span>
        {silence !== null && <span>silenced</span>}
        {label !== null && <span>marked as {label.verdict}</span>}
      </p>
    </li>
  )
}

/** Since 14:05 (12 min); of one that is over when, and how long it lasted. */
export function lastedText({
  condition_from: from,
  condition_to: to,
  last_window_end: last,
  status
}: Incident): string {
  const [begun, seen, nowMs] = [Date.parse(from), Date.parse(to), Date.parse(last)]
  if (status === 'resolved') return `over: ${momentText(begun)}, for ${durationText(seen - begun)}`
  const isToday = nowMs - begun < 12 * 3_600_000
  return `since ${isToday ? timeText(begun) : momentText(begun)} (${durationText(nowMs - begun)})`
}

/** About $4,200 lost so far; null where there is no loss to add up. */
export function lossText({ loss, loss_unit: unit, currency, status }: Incident): string | null {
  if (loss === null || Math.round(loss) <= 0) return null
  const amount = formatOf(unit, currency).full(Math.round(loss))
  const what = unit === 'money' ? amount : `${amount} ${unit === 'count' ? 'fewer than usual' : ''}`.trim()
  return `${unit === 'money' ? `about ${what} lost` : what}${status === 'open' ? ' so far' : ''}`
}

export function hasItText({ acknowledged, status }: Incident): string {
  if (acknowledged !== null) return `${acknowledged.by} has it since ${timeText(Date.parse(acknowledged.at))}`
  return status === 'open' ? 'nobody has it yet' : 'nobody acknowledged it'
}
