import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useLocation, useSearch } from 'wouter-preact'
import type { TuneAnswer, TuneBody, TuneTrial } from '../../src/web/api/tune.ts'
import { ask, mayOperate, messageOf } from '../api/client.ts'
import { useResource } from '../api/resource.ts'
import { words } from '../format/words.ts'
import { Empty, Loaded, Problem } from '../parts/notes.tsx'
import { TriedSettings } from '../parts/tried-settings.tsx'
import { useTitle } from '../title.ts'

type Tunable = TuneAnswer['kinds'][number]

const times = [
  [1, 'last day'],
  [7, 'last 7 days'],
  [14, 'last 14 days'],
  [28, 'last 28 days']
] as const
const usualDays = 28

/** What a threshold would have found and raised on the stored past, before anybody lives with it. */
export function Tune() {
  useTitle('Tune')
  const first = useResource<TuneAnswer>('/api/tune')
  return (
    <>
      <h1>Tune</h1>
      <p class="quiet">
        What a threshold would have found and raised on the stored past, and of drops that are put into it.
        Nothing is changed, and nobody is notified.
      </p>
      <Loaded resource={first} what="what can be tried">
        {answer => <Trying first={answer} />}
      </Loaded>
    </>
  )
}

const askEveryMs = 1_000

function Trying({ first }: { readonly first: TuneAnswer }) {
  const answer = useSignal(first)
  const failure = useSignal<string | null>(null)
  const search = new URLSearchParams(useSearch())
  const [, navigate] = useLocation()
  const { kinds, trial } = answer.value
  const asked = search.get('kind') ?? trial?.kind ?? 'checkout_failure'
  const chosen = kinds.find(({ kind }) => kind === asked) ?? kinds[0]
  const days = Number(search.get('days')) || (trial?.kind === chosen?.kind && trial?.days) || usualDays
  const isRunning = trial?.status === 'running'

  async function send(method?: 'POST' | 'DELETE', body?: TuneBody): Promise<void> {
    try {
      answer.value = await ask<TuneAnswer>('/api/tune', method && { method, ...(body && { body }) })
      failure.value = null
    } catch (error) {
      failure.value = messageOf(error)
    }
  }
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => void send(), askEveryMs)
    return () => clearInterval(timer)
  }, [isRunning])

  if (chosen === undefined)
    return <Empty command="npx cartwatch check-config">No kind with a threshold is switched on.</Empty>
  const show = (kind: string, ofDays: number) =>
    navigate(`/tune?kind=${kind}&days=${ofDays}`, { replace: true })
  const shown = trial?.kind === chosen.kind && trial.days === days ? trial : undefined
  const start = (value?: number) =>
    void send('POST', { kind: chosen.kind, days, ...(value !== undefined && { value }) })
  return (
    <>
      <form
        class="choices"
        onSubmit={event => {
          event.preventDefault()
          start()
        }}
      >
        <label>
          Kind
          <select value={chosen.kind} onChange={event => show(event.currentTarget.value, days)}>
            {kinds.map(({ kind }) => (
              <option key={kind} value={kind}>
                {words(kind)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Time
          <select value={days} onChange={event => show(chosen.kind, Number(event.currentTarget.value))}>
            {times.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {mayOperate() && (
          <button type="submit" class="main" disabled={isRunning}>
            {shown === undefined ? 'Try thresholds' : 'Try again'}
          </button>
        )}
      </form>
      {chosen.kind !== asked && (
        <p class="problem">{words(asked)} has no threshold that can be tried here, or is switched off.</p>
      )}
      {failure.value !== null && <Problem text={failure.value} />}
      {isRunning && <Running trial={trial} onStop={() => void send('DELETE')} />}
      <Result {...{ chosen, days, start }} trial={shown} />
    </>
  )
}

function Running({ trial, onStop }: { readonly trial: TuneTrial; readonly onStop: () => void }) {
  const percent = Math.floor(100 * trial.progress)
  return (
    <p class="running">
      <label>
        Trying {words(trial.kind).toLowerCase()} on the last {trial.days === 1 ? 'day' : `${trial.days} days`}{' '}
        <progress max={100} value={percent} /> {percent} %
      </label>{' '}
      {mayOperate() && (
        <button type="button" onClick={onStop}>
          Stop
        </button>
      )}
    </p>
  )
}

interface ResultProps {
  readonly chosen: Tunable
  readonly days: number
  readonly trial: TuneTrial | undefined
  readonly start: (value?: number) => void
}

function Result({ chosen, days, trial, start }: ResultProps) {
  const command = `npx cartwatch tune --kind ${chosen.kind} --from ${days}d`
  if (trial === undefined)
    return (
      <Empty command={command}>
        {words(chosen.kind)} was not tried on this time yet. It takes a minute or so for each kind and runs
        beside what is live. On the command line:
      </Empty>
    )
  if (trial.status === 'failed') return <Problem text={`The trial failed: ${trial.error ?? ''}`} />
  if (trial.settings.length === 0) return null
  if (trial.windows === 0)
    return <Empty command="npx cartwatch status">No window of this time is stored. How far reading is:</Empty>
  return (
    <>
      {trial.outdated && (
        <p class="problem">The configuration was reloaded since: this is of the one before. Try again.</p>
      )}
      <TriedSettings
        key={`${trial.from} ${trial.kind}`}
        {...{ trial, chosen }}
        {...(mayOperate() && trial.status === 'done' && { onTry: start })}
      />
      {trial.notes.map(note => (
        <p class="quiet" key={note}>
          Note: {note}.
        </p>
      ))}
    </>
  )
}
