import { Command } from '@commander-js/extra-typings'
import { messageOf } from '../telemetry/message.ts'
import { visibleJson } from '../telemetry/visible-text.ts'
import type { Asked } from '../web/ask-status.ts'
import type { Status } from '../web/status.ts'
import type { StatusSource } from '../web/types.ts'
import { overview } from './overview.ts'
import { parser } from './parse.ts'
import { statusText } from './status-text.ts'
import type { Terminal } from './terminal.ts'

export interface StatusDeps extends Terminal {
  /** Reads the configuration; throws where it is wrong. */
  readonly open: (configFile: string | undefined) => StatusSource
  readonly ask: (url: string) => Promise<Asked>
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

export function statusCommand(deps: StatusDeps) {
  const { print, complain, columns, setExitCode } = deps
  return new Command('status')
    .description(overview.status.summary)
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .option('--url <url>', 'the operations port of an instance, instead of the configured one', parseUrl)
    .option('--json', 'one JSON object: what GET /status answers')
    .addHelpText('after', examples)
    .action(async ({ config, url, json }) => {
      const status = await (url === undefined ? find(config, deps) : askAt(url, deps))
      const isActive = status !== undefined && hasActive(status)
      if (status !== undefined) {
        if (json) print(visibleJson(JSON.stringify(status)))
        else print(statusText(status, columns() ?? widthWithoutTerminal))
        if (!isActive && !json) complain('No active instance was found.')
      }
      setExitCode(isActive ? 0 : 1)
    })
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

const hasActive = ({ work, members }: Status) => work !== null || members?.some(one => one.works) === true

const parseUrl = parser('a URL such as http://localhost:8080', text => {
  const url = URL.parse(text)
  return url && /^https?:$/.test(url.protocol) && url.host !== '' ? url.origin : undefined
})
