import { Command } from '@commander-js/extra-typings'
import { formatErrors } from '../../config/errors.ts'
import { defaultPath, type Loaded, type Refused } from '../../config/load.ts'
import { assignedTemplates } from '../../config/templates/check.ts'
import { counted } from '../../time/texts.ts'
import type { Terminal } from '../terminal.ts'

export interface CheckTemplatesDeps extends Pick<Terminal, 'print' | 'complain' | 'setExitCode'> {
  /** Reads the configuration with its templates; secrets may be missing. */
  readonly read: (path: string | undefined) => Loaded | Refused
}

const examples = `
Each template in use is rendered for every kind and message that it may be for, with ordinary, hostile and missing values.

Examples:
  cartwatch templates check
  cartwatch templates check staging.yaml

Exit code: 0 if all templates can be sent, 1 if one cannot.`

export const checkSubcommand = ({ read, print, complain, setExitCode }: CheckTemplatesDeps) =>
  new Command('check')
    .description('render every template in use for every message, and name the places of mistakes')
    .argument('[config]', `the configuration (default: ${defaultPath} if it exists)`)
    .addHelpText('after', examples)
    .action(path => {
      const loaded = read(path)
      if (!loaded.ok) {
        complain(formatErrors(loaded.errors))
        complain(counted(loaded.errors.length, 'error'))
        setExitCode(1)
        return
      }
      const { receivers, templates } = loaded.config
      const assigned = assignedTemplates(receivers, templates)
      if (assigned.size === 0)
        print('no template is in use: name one in receivers.NAME.template or templates.slack')
      for (const [name, assignment] of assigned)
        for (const [kind, file] of assignment) print(`${templates.folder}/${file}: OK for ${name} (${kind})`)
    })
