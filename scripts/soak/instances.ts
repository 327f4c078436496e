import { type OnTestFinished, type Program, startProgram } from '../../test/support/program.ts'
import { until } from '../../test/support/until.ts'

/** `steady` is never ended, so that its memory can be followed over the whole run. */
export const names = ['steady', 'mortal'] as const
export type Name = (typeof names)[number]

export interface Instances {
  start(name: Name): Promise<void>
  /** Undefined where it is being ended or started. */
  running(name: Name): Program | undefined
  /** Which instance was given the work last; undefined while none has it. */
  working(): Name | undefined
  /** Resolves with the working instance. */
  worked(): Promise<Name>
  isPaused(name: Name): boolean
  /** Stops a process in its tracks until `isOver`, and lets it go on. */
  pause(name: Name, isOver: () => Promise<unknown>): Promise<void>
  kill(name: Name): Promise<void>
  /** Asks it to leave. */
  leave(name: Name): Promise<void>
  /** Those that ended unasked, or not with 0, with what they wrote last. */
  readonly ends: readonly string[]
}

export interface InstancesOptions {
  readonly config: unknown
  readonly onFinished: OnTestFinished
  readonly keepLog: (name: Name, text: string) => void
}

const workMs = 180_000
const lastWords = 1_000

/** Two instances of the program, of which one works and the other stands by. */
export function createInstances({ config, onFinished, keepLog }: InstancesOptions): Instances {
  const running = new Map<Name, Program>()
  const paused = new Set<Name>()
  const ends: string[] = []

  async function start(name: Name): Promise<void> {
    const program = await startProgram(config, { onTestFinished: onFinished })
    running.set(name, program)
    void program.ended.then(code => {
      keepLog(name, program.written())
      if (running.get(name) !== program) return
      running.delete(name)
      ends.push(`${name} ended with ${code}:\n${program.written().slice(-lastWords)}`)
    })
  }

  function of(name: Name): Program {
    const program = running.get(name)
    if (program === undefined) throw new Error(`the instance ${name} does not run`)
    return program
  }

  async function end(name: Name, how: (program: Program) => void): Promise<void> {
    const program = of(name)
    running.delete(name)
    how(program)
    const code = await program.ended
    if (code !== 0 && code !== 'SIGKILL')
      ends.push(`${name} was asked to leave and ended with ${code}:\n${program.written().slice(-lastWords)}`)
  }

  // What was given the work last has it: one that was paused through its loss does not know yet.
  function working(): Name | undefined {
    const taken = names
      .filter(name => running.has(name) && !paused.has(name))
      .map(name => ({ name, at: takenAt(of(name)) }))
      .filter(({ at }) => at !== undefined)
    return taken.sort((a, b) => Number(b.at) - Number(a.at))[0]?.name
  }

  return {
    start,
    running: name => running.get(name),
    working,
    worked: () => until('an instance that works', working, workMs),
    isPaused: name => paused.has(name),
    async pause(name, isOver) {
      const program = of(name)
      paused.add(name)
      program.signal('SIGSTOP')
      try {
        await isOver()
      } finally {
        program.signal('SIGCONT')
        paused.delete(name)
      }
    },
    kill: name => end(name, program => program.kill()),
    leave: name => end(name, program => program.signal('SIGTERM')),
    ends
  }
}

/** When it began to work, where it has not been told to stand by since. */
function takenAt({ log }: Program): number | undefined {
  const last = log.findLast(({ msg }) => msg === 'active' || msg === 'standby: another instance is active')
  return last?.msg === 'active' ? timeOf(last['time']) : undefined
}

const timeOf = (time: unknown) => (typeof time === 'number' ? time : Date.parse(String(time)))
