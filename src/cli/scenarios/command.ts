import { Command } from '@commander-js/extra-typings'
import type { Env, ReadFile } from '../../config/environment.ts'
import { environment, reason } from '../../config/environment.ts'
import { formatErrors } from '../../config/errors.ts'
import type { Loaded } from '../../config/load.ts'
import type { Played, PlayParts } from '../../run/assembly/scenario.ts'
import { checkScenario } from '../../run/expect/check.ts'
import { openFile } from '../../source/file.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { Logger } from '../../telemetry/types.ts'
import { counted } from '../../time/texts.ts'
import { overview } from '../overview.ts'
import { showProgress } from '../progress.ts'
import { jsonLine } from '../rows.ts'
import type { Terminal } from '../terminal.ts'
import { readScenarioFile, type Scenario } from './scenario-file.ts'
import { type Tested, testedText, testedView } from './text.ts'

export interface TestDeps extends Terminal {
  readonly load: (configFile: string | undefined) => Loaded
  readonly play: (parts: PlayParts) => Promise<Played>
  readonly clock: Clock
  readonly log: Logger
  readonly env: Env
  readonly readFile: ReadFile
}

const examples = `
A file lists scenarios, each with its events and the incidents that they should raise (docs/scenarios.md):
  scenarios:
    - name: the payment provider is down
      generate: { scenario: payment_outage, depth: 90%, incident_length: 40m }
      expect:
        - { kind: checkout_failure, severity: critical, within: 5m }
    - name: the busiest Saturday
      events: saturday.ndjson.gz
      expect: []

Examples:
  cartwatch test scenarios.yaml
  cartwatch test scenarios.yaml --config new.yaml --only "the busiest Saturday"

It runs the events through the configuration in memory: windows, detection, grouping and routing. It notifies nobody and keeps nothing.
Exit code: 0 if all is as expected; 1 if something is not, or an error in a file.`

interface TestOptions {
  readonly config?: string | undefined
  readonly only?: string | undefined
  readonly json?: true | undefined
}

export const testCommand = (deps: TestDeps) =>
  new Command('test')
    .description(overview.test.summary)
    .argument('<files...>', 'YAML')
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .option('--only <name>', 'the scenario of this name alone')
    .option('--json', 'one JSON object a scenario')
    .addHelpText('after', examples)
    .action(async (files, options) => {
      const all = files.map(file => scenariosOf(file, deps))
      const read = all.flatMap(scenarios => scenarios ?? [])
      const chosen = read.filter(({ name }) => options.only === undefined || name === options.only)
      if (all.includes(undefined) || !areThere(chosen, read, options, deps)) return deps.setExitCode(1)
      const loaded = deps.load(options.config)
      let failed = 0
      for (const scenario of chosen) if (!(await passes(scenario, loaded, options, deps))) failed += 1
      if (failed > 0) deps.setExitCode(1)
      if (options.json) return
      const total = counted(chosen.length, 'scenario')
      deps.print(failed === 0 ? `${total}, all as expected` : `${total}, ${failed} not as expected`)
    })

/** Undefined where the file is wrong, which is said. */
function scenariosOf(file: string, { env, readFile, complain }: TestDeps): readonly Scenario[] | undefined {
  let source: string
  try {
    source = readFile(file)
  } catch (cause) {
    complain(`${file}: can't be read (${reason(cause)})`)
    return undefined
  }
  const read = readScenarioFile(source, file, environment(env, readFile).lookUp)
  if (read.kind === 'read') return read.scenarios
  complain(formatErrors(read.errors))
  return undefined
}

function areThere(
  chosen: readonly Scenario[],
  read: readonly Scenario[],
  { only }: TestOptions,
  { complain }: TestDeps
): boolean {
  if (chosen.length > 0) return true
  const names = read.map(({ name }) => `  ${name}`)
  complain([`No scenario is named "${only}". There are:`, ...names].join('\n'))
  return false
}

async function passes(
  scenario: Scenario,
  loaded: Loaded,
  { json }: TestOptions,
  deps: TestDeps
): Promise<boolean> {
  const tested = await tryPlay(scenario, loaded, deps)
  if (json) deps.print(jsonLine(testedView(tested)).trimEnd())
  else deps.print(testedText(tested, new Set(loaded.config.receivers.keys())))
  return tested.kind === 'played' && tested.result.isAsExpected
}

/** A file that can't be read fails its scenario, and not those after it. */
async function tryPlay(scenario: Scenario, loaded: Loaded, deps: TestDeps): Promise<Tested> {
  const { name, events, expectations, failFrom } = scenario
  try {
    const played = await followed(scenario, loaded, deps)
    if (played.windows === 0) {
      const from = events.kind === 'file' ? `${events.path}: ` : ''
      const why = `${from}no record is an event of this configuration: cartwatch inspect shows why`
      return { kind: 'unplayed', name, why }
    }
    return { kind: 'played', name, played, result: checkScenario(played, expectations, failFrom) }
  } catch (error) {
    return { kind: 'unplayed', name, why: messageOf(error) }
  }
}

async function followed(
  { name, events }: Scenario,
  loaded: Loaded,
  { play, clock, log }: TestDeps
): Promise<Played> {
  const parts = { loaded, clock, log }
  if (events.kind === 'generated') {
    const { startMs, endMs, layout, lines } = events
    let reached = startMs
    const progress = showProgress(name, () => (reached - startMs) / (endMs - startMs))
    const onTime = (eventTime: number) => {
      reached = eventTime
    }
    try {
      return await play({ ...parts, events: { kind: 'generated', lines: lines(), layout }, onTime })
    } finally {
      progress.stop()
    }
  }
  const file = await openFile(events.path, process.stdin)
  const progress = showProgress(name, () => {
    const { bytesRead, bytesTotal } = file.progress()
    return bytesTotal === undefined ? undefined : bytesRead / Math.max(1, bytesTotal)
  })
  try {
    return await play({ ...parts, events: { kind: 'file', file, layout: events.layout }, onTime: () => {} })
  } finally {
    progress.stop()
  }
}
