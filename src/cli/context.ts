import type { Channels } from '../channel/create.ts'
import type { Env, ReadFile } from '../config/environment.ts'
import type { Loaded } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { Used } from '../config/unneeded.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import type { OperatorDeps } from './ack.ts'
import { type CommandAudit, createCommandAudit, userOf } from './command-audit.ts'
import type { RunDeps } from './run.ts'
import type { Terminal } from './terminal.ts'
import type { OpenStore, StoreChoice } from './with-store.ts'

export interface CommandContext extends RunDeps {
  readonly env: Env
  readonly clock: Clock
  readonly terminal: Terminal
  readonly readFile: ReadFile
  /** The names in a folder; throws where it can't be read. */
  readonly listFolder: (path: string) => readonly string[]
  /** Reads the configuration; throws where it is wrong. `uses`: as of `loadConfig`. */
  readonly load: (path: string | undefined, uses?: readonly Used[]) => Loaded
  /** A log beside a command's result, as the configuration wants it; without one, of errors alone. */
  readonly logOf: (loaded?: Loaded) => Logger
}

export const operatorOf = async (context: CommandContext): Promise<OperatorDeps> => ({
  open: openStoreWith(context),
  pipeline: pipelineWith(context),
  async routing({ config }) {
    const { configuredRoutesOf } = await import('../run/assembly/routes.ts')
    return configuredRoutesOf(context.load(config, []).config).routingOf()
  },
  user: () => userOf(context.env),
  audit: (await auditOf(context)).inStore,
  clock: context.clock,
  print: context.terminal.print
})

export const pipelineWith =
  ({ load }: CommandContext) =>
  ({ config }: StoreChoice): string =>
    load(config, []).config.pipeline

/** What a command on the store uses of the configuration. */
export const ofStore = ({ store }: StoreChoice): readonly Used[] => (store === undefined ? ['store'] : [])

export const openStoreWith =
  ({ load, terminal }: CommandContext): OpenStore =>
  options =>
    openStoreOf(load(options.config, ofStore(options)), options, terminal)

/** The configured store, or the embedded one of a folder. */
export async function openStoreOf(
  { config }: Loaded,
  { store: folder }: StoreChoice,
  { complain }: Terminal
): Promise<Store> {
  const { openConfigured } = await import('../run/assembly/open-store.ts')
  const { url: _, ...local } = config.store
  return openConfigured(folder === undefined ? config : { store: { ...local, folder } }, { onNote: complain })
}

/** Notes in the audit log what a command does. */
export async function auditOf({
  env,
  clock,
  load,
  terminal: { complain }
}: CommandContext): Promise<CommandAudit> {
  const { openConfigured } = await import('../run/assembly/open-store.ts')
  return createCommandAudit({
    ...{ env, clock, complain },
    load: path => load(path, ['store']),
    openStore: config => openConfigured(config, { onNote: complain })
  })
}

/** The receivers, ready for a message that nobody waits for. */
export async function testChannelsOf(
  config: Config,
  { clock, terminal }: Pick<CommandContext, 'clock' | 'terminal'>
): Promise<Channels> {
  const { channelsOf } = await import('../run/assembly/channels.ts')
  const { createShopCurrency } = await import('../decode/currency/shop-currency.ts')
  const currency = createShopCurrency(config).code
  const onTemplateFailure = (_: unknown, text: string) => terminal.complain(text)
  return channelsOf(config, { clock, currency, onTemplateFailure })
}
