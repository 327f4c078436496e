import { Command, InvalidArgumentError } from 'commander'
import { messageOf } from '../telemetry/message.ts'
import { visibleJson } from '../telemetry/visible.ts'
import type { Asked } from '../web/ask-status.ts'
import type { Status } from '../web/status.ts'
import type { StatusSource } from '../web/types.ts'
import { statusText } from './status-text.ts'

export interface StatusDeps {
  /** Reads the configuration; throws where it is wrong. */
  readonly open: (configFile: string | undefined) => StatusSource
  readonly ask: (url: string) => Promise<Asked>
  /** Columns of the terminal; undefined where there is none. */
  readonly columns: () => number | undefined
  readonly print: (text: string) => void
  readonly complain: (text: string) => void
  readonly setExitCode: (code: number) => void
}

interface StatusOptions {
  readonly config?: string
  readonly url?: string
  readonly json?: true
}

const widthWithoutTerminal = 120

const examples = `
Asks the instance at http.host and http.port of the configuration. If none answers, asks Kafka which instance is active,
and then that one. Any instance of the group can answer: a standby asks the active instance.

Examples:
  cartwatch status
  cartwatch status --url http://10.0.0.7:8080     ask this instance
  cartwatch status --json | jq .work.waiting

Exit code: 0 if an instance is active, 1 if none is or the status is not known.`

export function statusCommand(deps: StatusDeps): Command {
  return new Command('status')
    .description('show which instance is active, its progress and what is waiting')
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .option('--url <url>', 'the operations port of an instance, instead of the configured one', parseUrl)
    .option('--json', 'one JSON object: what GET /status answers')
    .addHelpText('after', examples)
    .action(async (options: StatusOptions) => deps.setExitCode(await show(options, deps)))
}

async function show({ config, url, json }: StatusOptions, deps: StatusDeps): Promise<number> {
  const { print, complain, columns } = deps
  const status = url === undefined ? await find(config, deps) : await askAt(url, deps)
  if (status === undefined) return 1
  if (json) print(visibleJson(JSON.stringify(status)))
  else print(statusText(status, columns() ?? widthWithoutTerminal))
  if (works(status)) return 0
  if (!json) complain('No active instance was found.')
  return 1
}

async function find(
  config: string | undefined,
  { open, ask, complain }: StatusDeps
): Promise<Status | undefined> {
  const source = open(config)
  const asked: Asked =
    source.url === undefined
      ? { kind: 'silent', reason: 'http.port is 0, so the actual port is not known' }
      : await ask(source.url)
  if (asked.kind === 'answered') return asked.status
  complain(`${asked.reason}. Asking Kafka.`)
  try {
    return await source.describe()
  } catch (error) {
    complain(messageOf(error))
    return undefined
  }
}

async function askAt(url: string, { ask, complain }: StatusDeps): Promise<Status | undefined> {
  const asked = await ask(url)
  if (asked.kind === 'answered') return asked.status
  complain(asked.reason)
  return undefined
}

const works = ({ work, members }: Status) => work !== null || members?.some(one => one.works) === true

function parseUrl(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.host === '')
    throw new InvalidArgumentError('Expected a URL such as http://localhost:8080.')
  return url.origin
}
