import { useLocation, useSearch } from 'wouter-preact'
import type { RoutesTestAnswer } from '../../src/web/api/receivers.ts'
import { useResource } from '../api/resource.ts'
import { durationText } from '../format/time.ts'
import { Loaded } from '../parts/notes.tsx'
import { textIn } from '../parts/own-name.tsx'
import { useTitle } from '../title.ts'

/** Which way an alert would take, and why. */
export function Routes() {
  useTitle('Routes')
  const search = new URLSearchParams(useSearch())
  const [, navigate] = useLocation()
  const asked = new URLSearchParams({
    kind: search.get('kind') || 'revenue_drop',
    severity: search.get('severity') || 'critical',
    segment: search.get('segment') || 'all'
  })
  return (
    <>
      <h1>Routes</h1>
      <p>Who would be notified of an alert, now, and why.</p>
      <form
        class="choices"
        onSubmit={event => {
          event.preventDefault()
          const form = event.currentTarget
          const fields = ['kind', 'severity', 'segment'].map(name => [name, textIn(form, name)])
          navigate(`/routes?${new URLSearchParams(fields)}`)
        }}
      >
        <label>
          Kind
          <input name="kind" required defaultValue={asked.get('kind') ?? ''} />
        </label>
        <label>
          Severity
          <select name="severity" defaultValue={asked.get('severity') ?? ''}>
            {['critical', 'high', 'medium', 'low'].map(name => (
              <option key={name} selected={name === asked.get('severity')}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Segment
          <input name="segment" required defaultValue={asked.get('segment') ?? ''} />
        </label>
        <button type="submit" class="main">
          Try
        </button>
      </form>
      <Tried query={String(asked)} />
    </>
  )
}

function Tried({ query }: { readonly query: string }) {
  const tried = useResource<RoutesTestAnswer>(`/api/routes/test?${query}`)
  return (
    <Loaded resource={tried} what="the routes">
      {answer => <Answer answer={answer} />}
    </Loaded>
  )
}

const outcomes = {
  matched: '✓ matches',
  not_matched: '✗ does not match',
  not_reached: '– is not reached'
} as const

function Answer({ answer }: { readonly answer: RoutesTestAnswer }) {
  const { receivers, digested, escalation, routes } = answer
  return (
    <section aria-labelledby="notified">
      <h2 id="notified">
        {receivers.length === 0 ? 'Nobody is notified' : `Notified: ${receivers.join(', ')}`}
      </h2>
      {digested && <p>It goes into the digest.</p>}
      <ol class="routes">
        {routes.map(({ receivers: names, outcome, why }, index) => (
          <li key={`${index} ${names.join()}`} class={outcome}>
            <b>{names.join(', ')}</b> {outcomes[outcome]}
            {why !== '' && `: ${why}`}
          </li>
        ))}
      </ol>
      {escalation !== null && (
        <>
          <h3>Escalation {escalation.policy}, while nobody acknowledges</h3>
          <ol class="routes">
            {escalation.levels.map(({ after_ms: afterMs, receivers: names }, index) => (
              <li key={`${index} ${afterMs}`}>
                after {durationText(afterMs)}: {names.join(', ')}
              </li>
            ))}
          </ol>
        </>
      )}
      <p class="quiet">
        The same in a terminal: <code>npx cartwatch routes test --kind revenue_drop --severity critical</code>
      </p>
    </section>
  )
}
