import { Command, InvalidArgumentError } from 'commander'
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
Asks the instance at http.host and http.port of the configuration; where none answers there, Kafka, and by what that says
the instance that works. Any instance of the group will do: one that stands by asks the one that works.

Examples:
  cartwatch status
  cartwatch status --url http://10.0.0.7:8080     ask that one
  cartwatch status --json | jq .work.waiting

Exit code: 0 where an instance works, 1 where none does, or nothing could be found out.`

/** `cartwatch status`: who works, who stands by, and how far the work is. */
export function statusCommand(deps: StatusDeps): Command {
  return new Command('status')
    .description('show which instance works, how far it is, and what waits')
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .option(
      '--url <url>',
      'the operations port of an instance, instead of that of the configuration',
      parseUrl
    )
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
  if (!json) complain('No instance is known to work.')
  return 1
}

async function find(
  config: string | undefined,
  { open, ask, complain }: StatusDeps
): Promise<Status | undefined> {
  const source = open(config)
  const asked: Asked =
    source.url === undefined
      ? { kind: 'silent', reason: 'http.port is 0, which no other program can know' }
      : await ask(source.url)
  if (asked.kind === 'answered') return asked.status
  complain(`${asked.reason}. Asking Kafka.`)
  try {
    return await source.describe()
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
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
    throw new InvalidArgumentError('Such as http://localhost:8080.')
  return url.origin
}
