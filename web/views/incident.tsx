import { Link } from 'wouter-preact'
import type { IncidentPage } from '../../src/web/api/incidents.ts'
import { incidentChanges } from '../api/live.ts'
import { useResource } from '../api/resource.ts'
import type { ChartMark } from '../chart/points.ts'
import { Actions } from '../parts/actions.tsx'
import { IncidentCharts } from '../parts/incident-charts.tsx'
import { hasItText, lastedText, lossText } from '../parts/incident-row.tsx'
import { Loaded } from '../parts/notes.tsx'
import { Severity } from '../parts/severity.tsx'
import { ComesNext, Timeline } from '../parts/timeline.tsx'
import { useTitle } from '../title.ts'

/** All that is known of one incident, and what can be done about it. */
export function IncidentView({ id }: { readonly id: string }) {
  const page = useResource<IncidentPage>(`/api/incidents/${encodeURIComponent(id)}`, incidentChanges)
  useTitle(page.kind === 'ready' ? page.answer.title : 'Incident')
  return (
    <Loaded resource={page} what="the incident">
      {incident => <Page incident={incident} />}
    </Loaded>
  )
}

function Page({ incident }: { readonly incident: IncidentPage }) {
  const { title, severity, message } = incident
  const loss = lossText(incident)
  const marks = marksOf(incident)
  return (
    <article class="incident-page">
      <header>
        <h1>
          <Severity of={severity} /> {title}
        </h1>
        <p class="headline">{incident.details}</p>
        <p class="facts">
          <span>{lastedText(incident)}</span>
          {loss !== null && <b>{loss}</b>}
          <span class={incident.acknowledged === null ? 'nobody' : ''}>{hasItText(incident)}</span>
          {incident.label !== null && (
            <span>
              marked as {incident.label.verdict} by {incident.label.by}
            </span>
          )}
        </p>
        <Actions incident={incident} />
        <p class="links">
          <Link href={`/tune?kind=${incident.kind}`}>Try another threshold</Link>
        </p>
      </header>
      <div class="columns">
        <div>
          <IncidentCharts incident={incident} marks={marks} />
        </div>
        <div>
          <Message message={message} said={incident.details} />
          <ComesNext {...incident} />
        </div>
      </div>
      <Timeline timeline={incident.timeline} />
    </article>
  )
}

const marksOf = ({ calendar, changes }: IncidentPage): readonly ChartMark[] => [
  ...calendar.map(({ name, effect, from, to }) => ({
    kind: 'calendar' as const,
    from: Date.parse(from),
    to: Date.parse(to),
    label: `${name} (calendar, ${effect === 'mute' ? 'mutes' : 'widens the band'})`
  })),
  ...changes.map(({ at, what, by }) => ({
    kind: 'change' as const,
    from: Date.parse(at),
    to: Date.parse(at),
    label: by === null ? what : `${what}, by ${by}`
  }))
]

/** What stands above already. */
const shownAbove: ReadonlySet<string> = new Set(['severity', 'since', 'loss', 'acknowledged'])

function Message({ message, said }: Pick<IncidentPage, 'message'> & { readonly said: string }) {
  const { notes, parts } = message
  const facts = message.facts.filter(({ key }) => !shownAbove.has(key))
  return (
    <section aria-labelledby="known">
      <h2 id="known">What is known</h2>
      {notes.map(note => (
        <p key={note}>{note}</p>
      ))}
      <dl class="known">
        {facts.map(({ key, label, text }) => (
          <div key={key}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {parts.map(({ key, heading, lines }) => (
        <div key={key}>
          {heading !== null && <h3>{heading}</h3>}
          <ul class="plain">
            {lines
              .filter(line => line !== said)
              .map(line => (
                <li key={line}>{line}</li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  )
}
