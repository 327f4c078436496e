import type { Config } from '../../config/schema.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { dayMs } from '../../time/units.ts'
import type { TuneRefusal, TuneTrials } from '../../web/answers/tune.ts'
import type { TuneTrial } from '../../web/api/tune.ts'
import { byStrictness, type Tunable } from '../tune/settings.ts'
import type { Trial } from '../tune/trial.ts'
import { type Tune, tunablesOf } from './tune.ts'
import type { FromTrial } from './tune-thread.ts'
import { kindView, type Tried, triedView } from './tune-view.ts'
import type { StartTrial } from './tune-worker.ts'

export interface TuneTrialsParts {
  /** As it is since the last reload. */
  readonly config: () => Config
  readonly start: StartTrial
  readonly clock: Pick<Clock, 'now'>
}

/** One trial at a time, of which the result is kept until the next one of another kind or time. */
interface State extends Tried {
  /** The one that was tried. */
  readonly config: Config
  readonly status: TuneTrial['status']
  readonly progress: number
  readonly error: string | null
}

/** Draws the times of the drops: the same for whatever is tried. */
const seed = 1

export function createTuneTrials({ config, start, clock }: TuneTrialsParts): TuneTrials {
  let state: State | undefined
  let end: (() => void) | undefined
  /** Counts trials: what an ended one still says is of nobody. */
  let runs = 0

  const tunable = (kind: string): Tunable | undefined =>
    tunablesOf({ config: config() }).find(one => one.kind === kind)

  function refusalOf(kind: string): TuneRefusal | undefined {
    if (state?.status === 'running')
      return { code: 409, message: `${state.one.kind} is being tried: wait until that is done, or stop it.` }
    if (tunable(kind) !== undefined) return undefined
    const names = tunablesOf({ config: config() }).map(one => one.kind)
    return { code: 400, message: `There is no threshold of ${kind} to try; there are ${names.join(', ')}.` }
  }

  function take(tune: Tune): void {
    const [tried] = tune.kinds
    if (state === undefined || tried === undefined) return
    const { windows, labels, limits } = tune
    const trials = merged(state.one, state.trials, tried.trials)
    state = { ...state, trials, windows, labels, limits, status: 'done', progress: 1 }
  }

  function hear(run: number, message: FromTrial): void {
    if (run !== runs || state?.status !== 'running') return
    if (message.kind === 'done') take(message.tune)
    else if (message.kind === 'failed') state = { ...state, status: 'failed', error: message.message }
    else state = { ...state, progress: message.share }
  }

  function stop(): void {
    end?.()
    end = undefined
    runs += 1
    if (state?.status !== 'running') return
    state = state.trials.length > 0 ? { ...state, status: 'done' } : undefined
  }

  return {
    state() {
      const present = config()
      return {
        kinds: tunablesOf({ config: present }).map(one => kindView(one, present)),
        trial: state ? viewOf(state, present) : null
      }
    },
    start(kind, days, value) {
      const refused = refusalOf(kind)
      const one = tunable(kind)
      if (refused !== undefined || one === undefined) return refused
      const asked = { one, days, config: config() }
      state = beginning(asked, value === undefined ? undefined : state, clock.now())
      const values = value === undefined ? undefined : [value]
      const run = ++runs
      const settings = { config: state.config, kind, seed, values, ...state.span }
      end = start(settings, {
        onMessage: message => hear(run, message),
        onEnd: (reason = 'it ended without a result') => hear(run, { kind: 'failed', message: reason })
      })
      return undefined
    },
    stop
  }
}

/** Another value is tried on the windows of the trial before, where that is of the same. */
function beginning(
  { one, days, config }: Pick<State, 'one' | 'days' | 'config'>,
  before: State | undefined,
  toMs: number
): State {
  const goesOn = before?.one.kind === one.kind && before.days === days && before.config === config
  const span = { fromMs: toMs - days * dayMs, toMs }
  const fresh = { span, trials: [], windows: 0, labels: 0, limits: [] }
  return { ...(goesOn ? before : fresh), one, days, config, status: 'running', progress: 0, error: null }
}

const viewOf = ({ status, progress, error, config, ...tried }: State, present: Config): TuneTrial => ({
  ...triedView(tried),
  ...{ status, progress, error },
  outdated: config !== present
})

/** The same value, tried again, replaces what was known of it. */
function merged({ tuning }: Tunable, before: readonly Trial[], tried: readonly Trial[]): readonly Trial[] {
  const values = new Set(tried.map(({ value }) => value))
  return [...before.filter(({ value }) => !values.has(value)), ...tried].toSorted(byStrictness(tuning))
}
