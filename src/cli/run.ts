import { Command } from '@commander-js/extra-typings'

const examples = `
Examples:
  cartwatch run                        reads the topics of cartwatch.yaml
  cartwatch run --config shop.yaml
  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 cartwatch run

Send SIGHUP to reload the configuration. SIGTERM stops the instance: closed windows are stored and offsets committed.
Exit codes: 0 stopped by a signal, 1 an error in the configuration or a fatal error.`

/** Watches the stream of a configuration file, or of the one that is there. */
export type Run = (options: { readonly config?: string | undefined }) => Promise<void>

export function runCommand(run: Run) {
  return new Command('run')
    .description('watch the stream: windows, detection, store and alerts')
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .addHelpText('after', examples)
    .action(run)
}
