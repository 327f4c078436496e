import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import { minuteMs } from '../time/units.ts'
import type { Answers, Ask, FromTenant, Question } from './protocol.ts'
import { createQuestions } from './questions.ts'
import type { Tenant } from './tenant-files.ts'

/** A child process, as far as it is used here. */
export interface Child {
  readonly pid?: number | undefined
  /** Resolves with how it ended, also where it could not be started. */
  readonly ended: Promise<string>
  onMessage(listener: (message: FromTenant) => void): void
  send(question: Question): void
  kill(signal: NodeJS.Signals): void
}

/** `waiting`: its process ended by itself and is started again after a pause. */
type ProcessStatus = 'starting' | 'running' | 'waiting' | 'stopped'

interface ProcessState {
  readonly status: ProcessStatus
  /** By the wall clock. */
  readonly since: number
  readonly restarts: number
  readonly pid: number | null
  /** Of its own operations port. */
  readonly address: string | null
  /** How its process ended last. */
  readonly lastEnd: string | null
}

export interface TenantProcess {
  state(): ProcessState
  /** Rejects where it does not run or does not answer in time. */
  ask<What extends Ask>(what: What): Promise<Answers[What]>
  /** Lets it read its configuration again. */
  reload(): void
  /** Resolves when it has ended. */
  stop(): Promise<void>
}

export interface TenantProcessOptions {
  readonly tenant: Tenant
  readonly start: (tenant: Tenant) => Child
  readonly onRestart: () => void
  readonly clock: Clock
  readonly log: Logger
}

const firstPauseMs = 1_000
const longestPauseMs = minuteMs
/** Who ran for so long has recovered: the next pause is short again. */
const healthyMs = 10 * minuteMs
/** An instance ends itself before. */
const killMs = 11_000

/** The process of one tenant, started again whenever it ends by itself, after pauses of 1 s, 2 s, … up to a minute. */
export function createTenantProcess(options: TenantProcessOptions): TenantProcess {
  const { tenant, start, onRestart, clock, log } = options
  const { name } = tenant
  let state: ProcessState = {
    status: 'starting',
    since: clock.now(),
    restarts: 0,
    pid: null,
    address: null,
    lastEnd: null
  }
  let child: Child | undefined
  let pauseMs = firstPauseMs
  const stopping = Promise.withResolvers<void>()
  let isStopping = false
  const questions = createQuestions(clock)
  const change = (next: Partial<ProcessState>) => {
    state = { ...state, since: clock.now(), ...next }
  }

  function begin(): void {
    const begun = start(tenant)
    child = begun
    change({ status: 'starting', pid: begun.pid ?? null, address: null })
    const startedAt = clock.now()
    begun.onMessage(hear)
    void begun.ended.then(how => onEnd(how, startedAt))
  }

  function hear(message: FromTenant): void {
    if (message.type === 'listening') change({ status: 'running', address: message.address })
    else questions.hear(message)
  }

  async function onEnd(how: string, startedAt: number): Promise<void> {
    child = undefined
    questions.fail(how)
    change({ status: isStopping ? 'stopped' : 'waiting', pid: null, address: null, lastEnd: how })
    if (isStopping) {
      stopping.resolve()
      return
    }
    if (clock.now() - startedAt >= healthyMs) pauseMs = firstPauseMs
    const fields = { tenant: name, how, seconds: pauseMs / 1_000 }
    log.error(fields, 'a tenant has ended: it is started again after a pause, the others go on')
    const thisPauseMs = pauseMs
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
    await clock.sleep(thisPauseMs)
    if (isStopping) return
    change({ restarts: state.restarts + 1 })
    onRestart()
    begin()
  }

  begin()
  return {
    state: () => state,
    async ask(what) {
      const running = child
      if (running === undefined) throw new Error(state.lastEnd ?? 'not started')
      return questions.ask(what, running.send)
    },
    reload: () => child?.kill('SIGHUP'),
    async stop() {
      isStopping = true
      const running = child
      if (running === undefined) {
        change({ status: 'stopped' })
        return
      }
      running.kill('SIGTERM')
      void clock.sleep(killMs).then(() => child === running && running.kill('SIGKILL'))
      await stopping.promise
    }
  }
}
