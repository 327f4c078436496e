import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { until } from './until.ts'

const main = fileURLToPath(new URL('../../src/cartwatch.js', import.meta.url))

/** A line of the program's log: its message, level and fields. */
type LogLine = Readonly<Record<string, unknown>> & { readonly msg?: string; readonly level?: string }

interface Answer {
  readonly status: number
  readonly text: string
}

/** `cartwatch run` in a process of its own. */
export interface Program {
  readonly pid: number
  readonly configPath: string
  /** Every line of its log so far. */
  readonly log: readonly LogLine[]
  /** All that it wrote, to both outputs. */
  written(): string
  hasEnded(): boolean
  /** Throws, with what it wrote, where it has ended. */
  mustRun(): void
  /** The first line of the log whose message holds the text, once it is there. */
  logged(text: string): Promise<LogLine>
  /** Asks its operations port, once that is open. */
  get(path: '/healthz' | '/readyz' | '/status' | '/metrics'): Promise<Answer>
  /** The sum of a metric's samples, of those with all the labels; undefined where there is none. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number | undefined>
  signal(signal: 'SIGTERM' | 'SIGHUP' | 'SIGSTOP' | 'SIGCONT'): void
  /** Kills it at once; `ended` tells when it is gone. */
  kill(): void
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

/** Of the test's own context: tests run side by side. */
export type OnTestFinished = (end: () => void | Promise<void>) => void

export interface ProgramOptions {
  readonly onTestFinished: OnTestFinished
  readonly env?: Readonly<Record<string, string>>
  /** Another version's `src/cartwatch.js`, for tests of upgrades. */
  readonly mainPath?: string
}

/** Those of the tests that run now, by what their configuration says. */
const started = new Set<{ readonly config: string; readonly program: Program }>()

/** Throws, with what the last one wrote, where programs were started on a topic and none of them is left. */
export function oneMustRun(topic: string): void {
  const programs = [...started].flatMap(({ config, program }) => (config.includes(topic) ? [program] : []))
  if (programs.every(program => program.hasEnded())) programs.at(-1)?.mustRun()
}

/** A folder that is gone after the test. */
export async function temporaryFolder(onTestFinished: OnTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cartwatch-line-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/**
 * Writes a configuration: a text as it is, anything else as JSON, which is YAML too. Its currency is set unless it says
 * `auto`, so that windows close at once.
 */
export async function writeConfig(path: string, config: unknown): Promise<void> {
  const text =
    typeof config === 'string' ? config : JSON.stringify({ currency: 'USD', ...Object(config) }, null, 2)
  await writeFile(path, text)
}

/** Starts `cartwatch run` on a configuration; it is killed after the test if it still runs. */
export async function startProgram(
  config: unknown,
  { onTestFinished, env = {}, mainPath = main }: ProgramOptions
): Promise<Program> {
  const folder = await temporaryFolder(onTestFinished)
  const configPath = join(folder, 'cartwatch.yaml')
  await writeConfig(configPath, config)
  return launch([mainPath, 'run', '--config', configPath], {
    folder,
    configPath,
    config: JSON.stringify(config),
    onTestFinished,
    env
  })
}

/** Starts `cartwatch run --tenants` on a folder with these files; it and its processes are killed after the test. */
export async function startTenants(
  files: Readonly<Record<string, unknown>>,
  { onTestFinished, env = {} }: ProgramOptions
): Promise<Program> {
  const folder = await temporaryFolder(onTestFinished)
  const tenants = join(folder, 'tenants')
  await mkdir(tenants)
  for (const [name, content] of Object.entries(files)) await writeConfig(join(tenants, name), content)
  const args = [main, 'run', '--tenants', tenants, '--listen', '127.0.0.1:0']
  return launch(args, {
    ...{ folder, configPath: tenants, config: JSON.stringify(files), onTestFinished },
    ...{ env, portLine: 'operations port of all tenants' }
  })
}

interface Launch {
  readonly folder: string
  readonly configPath: string
  /** What its configuration says. */
  readonly config: string
  readonly onTestFinished: OnTestFinished
  readonly env: Readonly<Record<string, string>>
  /** In the message of the log that has the address of its port. */
  readonly portLine?: string
}

function launch(
  args: readonly string[],
  { folder, configPath, config, onTestFinished, env, portLine = 'operations port' }: Launch
): Program {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...ownEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const program = watch(child, configPath, portLine)
  const one = { config, program }
  started.add(one)
  onTestFinished(async () => {
    started.delete(one)
    program.kill()
    await program.ended
  })
  return program
}

function watch(child: ChildProcess, configPath: string, portLine: string): Program {
  const log: LogLine[] = []
  const texts: string[] = []
  for (const output of [child.stdout, child.stderr]) {
    if (output === null) continue
    createInterface({ input: output }).on('line', line => {
      texts.push(line)
      if (line.startsWith('{')) log.push(JSON.parse(line) as LogLine)
    })
  }
  const ended = once(child, 'close').then(([code, signal]): number | string => code ?? signal)
  let isOver = false
  void ended.then(() => {
    isOver = true
  })

  function mustRun(): void {
    if (isOver) throw new Error(`the program has ended:\n${texts.slice(-40).join('\n')}`)
  }

  const logged = (text: string) =>
    until(`a log line "${text}"`, () => {
      const line = log.find(({ msg }) => msg?.includes(text))
      if (line === undefined) mustRun()
      return line
    }).catch(cause => {
      throw new Error(`${cause.message}; its log:\n${texts.slice(-40).join('\n')}`)
    })

  async function get(path: string): Promise<Answer> {
    const { address } = await logged(portLine)
    const response = await fetch(`${address}${path}`)
    return { status: response.status, text: await response.text() }
  }

  return {
    pid: child.pid as number,
    configPath,
    log,
    written: () => texts.join('\n'),
    hasEnded: () => isOver,
    mustRun,
    logged,
    get,
    async metric(name, labels = {}) {
      const { text } = await get('/metrics')
      return sampleOf(text, name, labels)
    },
    signal: signal => void child.kill(signal),
    kill: () => void child.kill('SIGKILL'),
    ended
  }
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly errors: string
}

/** Runs a command of the program to its end. */
export const runCommand = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {}
): Promise<Ran> =>
  new Promise(resolve => {
    const options = { env: { ...ownEnvironment(), ...env }, maxBuffer: 64 << 20 }
    execFile(process.execPath, [main, ...args], options, (error, out, errors) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, errors })
    )
  })

/** Nothing of the environment of the tests may reach the configuration. */
function ownEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env
  return { PATH, HOME, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }) }
}

function sampleOf(text: string, name: string, labels: Readonly<Record<string, string>>): number | undefined {
  const samples = text
    .split('\n')
    .filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter(line => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)))
    .map(line => Number(line.slice(line.lastIndexOf(' ') + 1)))
  return samples.length === 0 ? undefined : samples.reduce((sum, sample) => sum + sample, 0)
}
