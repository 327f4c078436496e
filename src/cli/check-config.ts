import { Command, Option } from '@commander-js/extra-typings'
import type { Env, ReadFile } from '../config/environment.ts'
import { formatErrors } from '../config/errors.ts'
import { defaultPath, type Loaded, loadConfig, type Refused } from '../config/load.ts'
import { configNotes } from '../config/notes.ts'
import { printConfig } from '../config/print.ts'
import { levels } from '../config/rules/rules.ts'
import type { Config } from '../config/schema.ts'
import type { ConnectionCheck } from '../run/assembly/checks/connections.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { TenantsReport } from '../tenants/check.ts'
import { counted } from '../time/texts.ts'
import { type CheckReport, reportJson, reportOf, sayFindings } from './config-report.ts'
import { overview } from './overview.ts'
import type { Terminal } from './terminal.ts'

export interface CheckConfigDeps extends Omit<Terminal, 'columns'> {
  readonly env: Env
  readonly readFile?: ReadFile
  readonly clock: Pick<Clock, 'now'>
  /** Asks what the configuration connects to. */
  readonly connect: (config: Config) => Promise<readonly ConnectionCheck[]>
  /** Sends a test message through each webhook of a configuration, which is read from that file. */
  readonly send: (config: Config, file: string | undefined) => Promise<readonly ConnectionCheck[]>
  /** Reads every tenant of a folder; throws where there is none. */
  readonly tenants: (folder: string) => Promise<TenantsReport>
}

const examples = `
Examples:
  cartwatch check-config                          check ./cartwatch.yaml
  cartwatch check-config staging.yaml             another file
  cartwatch check-config --print                  print the effective configuration, secrets masked
  cartwatch check-config --level strict           also refuse plain secrets, placeholders, unpaged critical incidents
  cartwatch check-config --connect                ask Kafka, ClickHouse, Slack's bots and mail servers; sends no message
  cartwatch check-config --connect --send         and send a test message through each webhook of Slack, Teams and others
  cartwatch check-config --level paranoid --json  for a program
  cartwatch check-config --tenants tenants        each file of the folder, and what two of them must not share

docs/configuration.md lists the rules of each level.

Exit code: 0 if the configuration is valid at that level, 1 if it is not.`

export function checkConfigCommand(deps: CheckConfigDeps) {
  return new Command('check-config')
    .description(overview['check-config'].summary)
    .argument('[file]', 'the same as --config')
    .option('--config <file>', `the file to check (default: ${defaultPath} if it exists)`)
    .option('--print', 'print the effective configuration as YAML, secrets masked')
    .addOption(new Option('--level <level>', 'how strictly, with the rule of each finding').choices(levels))
    .option('--connect', 'also ask what it connects to, 10 seconds at most')
    .addOption(
      new Option('--send', 'also send a test message through each webhook, not to pagers').implies({
        connect: true
      })
    )
    .addOption(new Option('--json', 'print the findings as JSON').conflicts('print'))
    .addOption(
      new Option('--tenants <folder>', 'check the files of `run --tenants`').conflicts([
        'config',
        'print',
        'level',
        'connect',
        'send',
        'json'
      ])
    )
    .addHelpText('after', examples)
    .action(async (named, { config, level, tenants, ...options }) => {
      if (tenants !== undefined) return sayTenants(await deps.tenants(tenants), deps)
      const { complain, setExitCode, clock, env, readFile } = deps
      if (named !== undefined && config !== undefined && named !== config) {
        complain(`two files are named, ${named} and ${config}: give one`)
        setExitCode(1)
        return
      }
      const path = named ?? config
      const loaded = loadConfig({ path, env, everyContent: true, ...(readFile && { readFile }) })
      const connections =
        loaded.ok && options.connect ? await ask(loaded, path, options.send, deps) : undefined
      const file = path ?? defaultPath
      const report = reportOf({ loaded, file, level: level ?? 'standard', connections, nowMs: clock.now() })
      if (!report.isValid) setExitCode(1)
      if (options.json) deps.print(reportJson(report))
      else if (level !== undefined) sayFindings(report, deps)
      else sayNotes(loaded, report, deps)
      if (options.json) return
      sayConnections(connections ?? [], deps)
      conclude(loaded, report, { isLevelled: level !== undefined, isPrinted: options.print === true }, deps)
    })
}

/** Messages are sent once all else was asked: what they wait for does not wait for them. */
async function ask(
  { config }: Loaded,
  file: string | undefined,
  isSent: true | undefined,
  { connect, send }: CheckConfigDeps
): Promise<readonly ConnectionCheck[]> {
  const asked = await connect(config)
  return isSent ? [...asked, ...(await send(config, file))] : asked
}

function sayTenants({ isValid, lines, problems }: TenantsReport, deps: CheckConfigDeps): void {
  for (const problem of problems) deps.complain(problem)
  for (const line of lines) deps.print(line)
  if (!isValid) deps.setExitCode(1)
}

/** Errors or notes, without their rules. */
function sayNotes(
  loaded: Loaded | Refused,
  { file, findings }: CheckReport,
  { complain }: CheckConfigDeps
): void {
  if (!loaded.ok) {
    complain(formatErrors(loaded.errors))
    complain(`${file}: ${counted(loaded.errors.length, 'error')}`)
    return
  }
  const broken = findings
    .filter(({ rule }) => rule === 'broken-catalogue')
    .map(({ place, path, message }) => `${place}: ${path ?? ''} ${message}`)
  for (const note of [...loaded.warnings, ...configNotes(loaded.config), ...broken]) complain(`note: ${note}`)
}

function sayConnections(connections: readonly ConnectionCheck[], { print, complain }: CheckConfigDeps): void {
  for (const { path, isReached, answer } of connections)
    if (isReached) print(`${path}: ${answer}`)
    else complain(`${path}: not reached: ${answer}`)
}

interface Wording {
  /** A level was asked for. */
  readonly isLevelled: boolean
  /** The effective configuration was. */
  readonly isPrinted: boolean
}

/** The last line: whether it is valid, and what it has. */
function conclude(
  loaded: Loaded | Refused,
  { file, level, isValid, findings, connections = [] }: CheckReport,
  { isLevelled, isPrinted }: Wording,
  { print, complain }: CheckConfigDeps
): void {
  const errors = findings.filter(({ as }) => as === 'error').length
  if (isValid && loaded.ok) {
    if (isPrinted) print(printConfig(loaded.effective).trimEnd())
    else print(`${file}: OK (${[...(isLevelled ? [`level ${level}`] : []), ...countsOf(loaded)].join(', ')})`)
    return
  }
  const lost = connections.filter(({ isReached }) => !isReached).length
  if (isLevelled) complain(`${file}: ${counted(errors, 'error')} at level ${level}`)
  else if (lost > 0) complain(`${file}: ${counted(lost, 'connection')} failed`)
}

function countsOf({ config, hash }: Loaded): readonly string[] {
  return [
    counted(config.receivers.size, 'receiver'),
    counted(config.routes.length, 'route'),
    config.currency === undefined
      ? 'currency learned from the first purchases'
      : `currency ${config.currency}`,
    `hash ${hash}`
  ]
}
