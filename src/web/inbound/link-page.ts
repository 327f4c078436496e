import { hash } from 'node:crypto'
import { htmlEscape } from '../../channel/message/text.ts'
import type { StoredIncident } from '../../incident/types.ts'
import { visible } from '../../telemetry/visible-text.ts'

/** What the page of a link is to show. */
export type PageState =
  | { readonly kind: 'open' | 'over' | 'graver'; readonly incident: StoredIncident }
  | { readonly kind: 'done' | 'acknowledged'; readonly incident: StoredIncident; readonly by: string }
  | {
      readonly kind:
        | 'unknown'
        | 'ambiguous'
        | 'bad_link'
        | 'expired'
        | 'unavailable'
        | 'forbidden'
        | 'refused'
    }

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem}
dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}
input,button{font:inherit;padding:.5rem;margin:.25rem 0}`

/** Nothing runs on the page, nothing is loaded, and nobody frames it. */
export const contentPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'"
].join('; ')

export function linkPage(state: PageState): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>cartwatch</title><style>${style}</style></head>
<body>
<h1>${escaped(titleOf(state))}</h1>
<p>${escaped(wordsOf(state))}</p>
${'incident' in state ? factsOf(state.incident) : ''}${state.kind === 'open' ? form : ''}</body>
</html>
`
}

const form = `<form method="post">
<p><label>Your name (optional)<br><input name="by" maxlength="100" autocomplete="name"></label></p>
<p><button>Acknowledge</button></p>
</form>
`

function titleOf(state: PageState): string {
  if (!('incident' in state)) return 'cartwatch'
  const { kind, segment, severity, cause } = state.incident
  return `${severity}: ${cause?.title ?? kind}${segment === 'all' ? '' : ` in ${segment}`}`
}

function wordsOf(state: PageState): string {
  switch (state.kind) {
    case 'open':
      return 'Acknowledging ends its reminders and tells the others that somebody is on it.'
    case 'done':
      return `Acknowledged by ${state.by}. You can close this page.`
    case 'acknowledged':
      return `${state.by} has acknowledged it already.`
    case 'over':
      return 'This incident is over: there is nothing to acknowledge.'
    case 'graver':
      return `It is ${state.incident.severity} by now, graver than the message of this link said. Use the link of the newer message.`
    case 'unknown':
    case 'ambiguous':
      return 'This incident is not known here. One that has just begun may take a minute to be stored.'
    case 'bad_link':
      return 'This is no link of ours, or not the whole of one.'
    case 'expired':
      return 'This link has expired.'
    case 'unavailable':
      return 'The store does not answer, so nothing was done. Try again in a minute.'
    case 'forbidden':
      return 'Forbidden: this link cannot be used from your network.'
    case 'refused':
      return 'This request was refused.'
    default:
      throw state satisfies never
  }
}

function factsOf(incident: StoredIncident): string {
  const { status, openedAt, lastAnomaly, acknowledged, id, pipeline, cause, alerts } = incident
  const others = alerts.filter(alert => alert.lastAnomaly.id !== lastAnomaly.id)
  const facts = [
    ...(cause ? [['Likely cause', cause.text]] : []),
    ['What', lastAnomaly.details],
    ...others.map(alert => ['Also found', alert.lastAnomaly.details]),
    ['State', status],
    ['Since', timeOf(openedAt)],
    ...(acknowledged ? [['Acknowledged', `${acknowledged.by}, ${timeOf(acknowledged.at)}`]] : []),
    ['Incident', `${id} of ${pipeline}`]
  ]
  const rows = facts.map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`)
  return `<dl>${rows.join('\n')}</dl>\n`
}

const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const escaped = (text: string): string => htmlEscape(visible(text))
