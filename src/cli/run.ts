import { Command, Option } from '@commander-js/extra-typings'
import { overview } from './overview.ts'
import { parser } from './parse.ts'

const examples = `
Examples:
  cartwatch run                        reads the topics of cartwatch.yaml
  cartwatch run --config shop.yaml
  cartwatch run --tenants tenants      a process for each file of the folder; docs/tenants.md explains it
  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 cartwatch run

Send SIGHUP to reload the configuration. SIGTERM stops the instance: closed windows are stored and offsets committed.
Exit codes: 0 stopped by a signal, 1 an error in the configuration or a fatal error.`

/** Watches the stream of a configuration file, or of the one that is there. */
export type Run = (options: { readonly config?: string | undefined }) => Promise<void>

/** Watches the stream of each configuration in a folder. */
export type RunTenants = (options: {
  readonly folder: string
  readonly listen?: Address | undefined
}) => Promise<void>

interface Address {
  readonly host: string
  readonly port: number
}

export interface RunDeps {
  /** What only an instance needs is loaded for it alone. */
  readonly loadRun: () => Promise<Run>
  readonly loadRunTenants: () => Promise<RunTenants>
}

export function runCommand({ loadRun, loadRunTenants }: RunDeps) {
  return new Command('run')
    .description(overview.run.summary)
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .addOption(
      new Option('--tenants <folder>', 'run each configuration of a folder, by itself').conflicts('config')
    )
    .option(
      '--listen <address>',
      'with --tenants: the port that shows all of them (default: 127.0.0.1:8080, or HTTP_HOST and HTTP_PORT)',
      parseAddress
    )
    .addHelpText('after', examples)
    .action(async ({ config, tenants, listen }, command) => {
      if (tenants !== undefined) return (await loadRunTenants())({ folder: tenants, listen })
      if (listen !== undefined)
        command.error('error: --listen needs --tenants; http.host and http.port set the port of one instance')
      return (await loadRun())({ config })
    })
}

const parseAddress = parser('an address such as 0.0.0.0:8080', text => {
  const [, host = '', port = ''] = /^\[?([\w.:-]+?)\]?:(\d{1,5})$/.exec(text) ?? []
  return host !== '' && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined
})
