import { Command } from '@commander-js/extra-typings'
import type { Env, ReadFile } from '../config/environment.ts'
import { formatErrors } from '../config/errors.ts'
import { defaultPath, loadConfig } from '../config/load.ts'
import { configNotes } from '../config/notes.ts'
import { printConfig } from '../config/print.ts'
import type { Terminal } from './terminal.ts'
import { counted } from './times.ts'

export interface CheckConfigDeps extends Omit<Terminal, 'columns'> {
  readonly env: Env
  readonly readFile?: ReadFile
}

const examples = `
Examples:
  cartwatch check-config                          check ./cartwatch.yaml
  cartwatch check-config staging.yaml             another file
  cartwatch check-config --print                  print the effective configuration, secrets masked

Exit code: 0 if the configuration is valid, 1 if it is not.`

export function checkConfigCommand({ env, readFile, print, complain, setExitCode }: CheckConfigDeps) {
  return new Command('check-config')
    .description('check the configuration: file and environment together')
    .argument('[file]', 'the same as --config')
    .option('--config <file>', `the file to check (default: ${defaultPath} if it exists)`)
    .option('--print', 'print the effective configuration as YAML, secrets masked')
    .addHelpText('after', examples)
    .action((named, options) => {
      if (named !== undefined && options.config !== undefined && named !== options.config) {
        complain(`two files are named, ${named} and ${options.config}: give one`)
        setExitCode(1)
        return
      }
      const path = named ?? options.config
      const file = path ?? defaultPath
      const loaded = loadConfig({ path, env, ...(readFile && { readFile }) })
      if (!loaded.ok) {
        const count = loaded.errors.length
        complain(formatErrors(loaded.errors))
        complain(`${file}: ${counted(count, 'error')}`)
        setExitCode(1)
        return
      }
      for (const warning of loaded.warnings) complain(`note: ${warning}`)
      const { config, hash } = loaded
      for (const note of configNotes(config)) complain(`note: ${note}`)
      const counts = [
        counted(config.receivers.size, 'receiver'),
        counted(config.routes.length, 'route'),
        config.currency === undefined
          ? 'currency learned from the first purchases'
          : `currency ${config.currency}`,
        `hash ${hash}`
      ]
      print(options.print ? printConfig(loaded.effective).trimEnd() : `${file}: OK (${counts.join(', ')})`)
    })
}
