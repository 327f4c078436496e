import { Command } from 'commander'

const examples = `
Examples:
  cartwatch run                        reads the topics of cartwatch.yaml
  cartwatch run --config shop.yaml
  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 cartwatch run

SIGHUP takes over an edited configuration, SIGTERM ends it: what is closed is stored, offsets are committed.
Exit codes: 0 it was told to stop, 1 the configuration is wrong or it could not go on.`

export interface RunOptions {
  readonly config?: string
}

/** `cartwatch run`: the live line. */
export function runCommand(run: (options: RunOptions) => Promise<void>): Command {
  return new Command('run')
    .description('watch the stream: windows, detection, store and alerts')
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .addHelpText('after', examples)
    .action((options: RunOptions) => run(options))
}
