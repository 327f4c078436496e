import { setTimeout as sleep } from 'node:timers/promises'
import { type OnTestFinished, type Program, startProgram } from '../../support/program.ts'
import { until } from '../../support/until.ts'

/** The instances of one pipeline: as many as wanted are kept running, one of which works. */
export interface Instances {
  /** The instance that says it works and is not paused; undefined while there is none. */
  working(): Program | undefined
  standby(): Program | undefined
  running(): readonly Program[]
  /** Starts instances until as many run as are wanted. */
  fill(): Promise<void>
  /** Resolves with the working instance, once it reads records. */
  reading(): Promise<Program>
  /** Kills one at once, and resolves when it is gone. */
  kill(program: Program): Promise<void>
  /** Asks one to leave; rejects where it does not end with 0. */
  leave(program: Program): Promise<void>
  /** Pauses one for `ms` of real time. */
  pause(program: Program, ms: number): Promise<void>
  /** When an instance last began to work from what was stored, by its own log, in milliseconds. */
  takenOverAt(before: number): number | undefined
  /** What they wrote, and what those that run say of themselves. */
  written(): Promise<string>
}

export interface InstancesOptions {
  readonly config: unknown
  readonly wanted: number
  readonly wait: (ms: number) => Promise<unknown>
  readonly onFinished: OnTestFinished
  /** The `src/main.ts` of a former version: every second instance is of it, as in a rolling upgrade. */
  readonly formerMain?: string | undefined
}

const readingMs = 120_000
const saysWithinMs = 3_000

/** A former version has words of its own. */
const standby = /^standby|stands by/
const active = /^(active|working)$/

export function createInstances(options: InstancesOptions): Instances {
  const { config, wanted, wait, onFinished, formerMain } = options
  const all: Program[] = []
  const gone = new Set<Program>()
  const paused = new Set<Program>()

  const running = () => all.filter(one => !gone.has(one))
  const works = (program: Program): boolean => {
    const last = program.log.findLast(({ msg = '' }) => active.test(msg) || standby.test(msg))
    return active.test(last?.msg ?? '')
  }
  const begun = (program: Program): boolean => program.log.some(({ msg = '' }) => active.test(msg))
  // What was given the work last has it: one that was paused through its loss does not know yet.
  const working = () =>
    running()
      .filter(one => !paused.has(one) && works(one))
      .sort((a, b) => lastTaken(b) - lastTaken(a))[0]

  function mustRun(): void {
    for (const one of running()) one.mustRun()
  }

  async function end(program: Program, how: () => void): Promise<number | string> {
    gone.add(program)
    how()
    return program.ended
  }

  const events = async (program: Program) => (await program.metric('cartwatch_events_total')) ?? 0

  return {
    working,
    standby: () => running().find(one => one !== working() && !paused.has(one)),
    running,
    async fill() {
      while (running().length < wanted) {
        const isFormer = formerMain !== undefined && all.length % 2 === 1
        const program = { onTestFinished: onFinished, ...(isFormer && { mainPath: formerMain }) }
        all.push(await startProgram(config, program))
      }
    },
    async reading() {
      let seen: { program: Program; events: number } | undefined
      return until(
        'an instance that reads records',
        async () => {
          mustRun()
          const program = working()
          if (program === undefined || !begun(program)) return undefined
          const now = await events(program).catch(() => undefined)
          const before = seen
          seen = now === undefined ? undefined : { program, events: now }
          const reads = before?.program === program && now !== undefined && now > before.events
          return reads && program
        },
        readingMs
      )
    },
    async kill(program) {
      await end(program, program.kill)
    },
    async leave(program) {
      const code = await end(program, () => program.signal('SIGTERM'))
      if (code !== 0)
        throw new Error(`an instance that was asked to leave ended with ${code}:\n${program.written()}`)
    },
    async pause(program, ms) {
      paused.add(program)
      program.signal('SIGSTOP')
      await wait(ms)
      program.signal('SIGCONT')
      paused.delete(program)
    },
    takenOverAt(before) {
      const times = all.flatMap(one => takings(one)).filter(time => time <= before)
      return times.length === 0 ? undefined : Math.max(...times)
    },
    async written() {
      const texts = all.map(async (one, index) => {
        const pages = gone.has(one) ? [] : (['/readyz', '/metrics'] as const)
        const said = await Promise.all(
          pages.map(path =>
            // One that is paused says nothing.
            Promise.race([one.get(path).then(({ text }) => text, String), sleep(saysWithinMs, 'no answer')])
          )
        )
        return [`--- instance ${index}, process ${one.pid}`, one.written(), ...said].join('\n')
      })
      return (await Promise.all(texts)).join('\n')
    }
  }
}

const lastTaken = (program: Program) => Math.max(0, ...takings(program))

/** When an instance began to work on what it had read back from the store. */
function takings({ log }: Program): number[] {
  return log.filter(({ msg = '', kept }) => active.test(msg) && kept !== true).map(({ time }) => timeOf(time))
}

const timeOf = (time: unknown) => (typeof time === 'number' ? time : Date.parse(String(time)))
