import type { IncidentPage } from '../../src/web/api/incidents.ts'
import { answerText } from '../format/answer.ts'
import { momentText } from '../format/time.ts'

type Entry = IncidentPage['timeline'][number]

const shapes: Readonly<Record<Entry['event'], string>> = {
  found: '▲',
  notification: '✉',
  acknowledged: '✓',
  escalated: '⇧',
  labelled: '⚑',
  silence_ended: '♪',
  over: '○'
}

/** Every decision and message, with its reason. */
export function Timeline({ timeline }: Pick<IncidentPage, 'timeline'>) {
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">What happened</h2>
      <ol class="timeline">
        {timeline.map(({ at, event, receiver, text }, index) => (
          <li key={`${at} ${index}`} class={event}>
            <time dateTime={at}>{momentText(Date.parse(at))}</time>
            <span aria-hidden="true">{shapes[event]}</span>
            <span>
              {receiver !== null && <b>{receiver}: </b>}
              {answerText(text)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What comes next, and what each route does with it. */
export function ComesNext({ next, routes }: Pick<IncidentPage, 'next' | 'routes'>) {
  return (
    <>
      {next.length > 0 && (
        <section aria-labelledby="next">
          <h2 id="next">What comes next</h2>
          <ul class="plain">
            {next.map(line => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      {routes.length > 0 && (
        <section aria-labelledby="who">
          <h2 id="who">Who is notified</h2>
          <dl class="known">
            {routes.map(({ receiver, text }) => (
              <div key={receiver}>
                <dt>{receiver}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </>
  )
}
