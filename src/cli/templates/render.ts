import { Command, Option } from '@commander-js/extra-typings'
import { allKinds } from '../../../detectors/kind-of.ts'
import { type Severity, severities } from '../../../detectors/types.ts'
import type { EmailMessage } from '../../channel/email/message.ts'
import {
  type ExampleAction,
  type ExampleContent,
  exampleActions,
  templateExample
} from '../../channel/template/examples.ts'
import { type Content, formOf, type Templates } from '../../channel/template/templates.ts'
import type { RenderOptions } from '../../channel/types.ts'
import { formatErrors } from '../../config/errors.ts'
import { defaultPath } from '../../config/load.ts'
import type { Config } from '../../config/schema.ts'
import { assignedTemplates, errorOf } from '../../config/templates/check.ts'
import { type Language, languages } from '../../language/language.ts'
import type { Terminal } from '../terminal.ts'

export interface RenderTemplateDeps extends Pick<Terminal, 'print' | 'complain' | 'setExitCode'> {
  /** The configuration, whatever its templates are, and all templates of its folder. */
  readonly open: (path: string | undefined) => {
    readonly config: Config
    readonly templates: Templates
    readonly renderOptions: RenderOptions
  }
}

const forms = [
  'slack',
  'email',
  'teams',
  'pagerduty',
  'webhook'
] as const satisfies readonly (keyof Content)[]
const contents = ['ordinary', 'hostile', 'long', 'bare'] as const satisfies readonly ExampleContent[]

const examples = `
The values are made up. --content shows what becomes of the worst texts, and of a message without what may be missing.

Examples:
  cartwatch templates render drift.liquid --kind drift
  cartwatch templates render revenue.json.liquid --action resolve --severity critical
  cartwatch templates render mail.html.liquid --as email --content hostile --trace

Exit code: 0 if the message can be sent, 1 if it cannot.`

interface Wanted {
  readonly kind: string
  readonly severity: Severity
  readonly action: ExampleAction
  readonly content: ExampleContent
  readonly language?: Language | undefined
  readonly as?: keyof Content | undefined
  readonly trace?: true | undefined
}

export const renderSubcommand = (deps: RenderTemplateDeps) =>
  new Command('render')
    .description('print what a template makes of a message, as its receiver would get it')
    .argument('<file>', 'the template, by its name in the folder of templates')
    .addOption(
      new Option('--kind <kind>', 'what was found')
        .choices([...allKinds.map(({ kind }) => kind), 'report'])
        .default('revenue_drop')
    )
    .addOption(
      new Option('--severity <severity>', 'how bad it is').choices(severities).default('high' as const)
    )
    .addOption(
      new Option('--action <action>', 'which message of an incident')
        .choices(exampleActions)
        .default('trigger' as const)
    )
    .addOption(new Option('--content <content>', 'the values').choices(contents).default('ordinary' as const))
    .addOption(
      new Option('--language <language>', 'its language (default: that of the configuration)').choices(
        languages
      )
    )
    .addOption(
      new Option('--as <type>', 'the type of receiver (default: of one that has this template)').choices(
        forms
      )
    )
    .option('--trace', 'also say which variables and templates were used, and how long it took')
    .option('--config <file>', `the configuration (default: ${defaultPath} if it exists)`)
    .addHelpText('after', examples)
    .action((file, { config, ...wanted }) => {
      if (!render(file, wanted, deps.open(config), deps)) deps.setExitCode(1)
    })

function render(
  written: string,
  { kind, severity, action, content, language, as, trace }: Wanted,
  { config, templates, renderOptions }: ReturnType<RenderTemplateDeps['open']>,
  { print, complain }: RenderTemplateDeps
): boolean {
  const { folder } = config.templates
  const file = written.startsWith(`${folder}/`) ? written.slice(folder.length + 1) : written
  const form = as ?? formFor(file, config)
  const read = new Set<string>()
  const outcome = templates.render(form, {
    file,
    notification: templateExample({ kind, severity, action, content }),
    renderOptions: { ...renderOptions, language: language ?? renderOptions.language },
    onRead: path => read.add(path)
  })
  if (outcome.kind === 'failed') {
    complain(formatErrors([errorOf(outcome.problem, folder)]))
    return false
  }
  print(shown(form, outcome.content))
  if (trace) {
    const { partials, steps, ms } = outcome.usage
    complain(`variables: ${[...read].sort().join(', ') || 'none'}`)
    complain(`templates: ${[file, ...partials].join(', ')}`)
    complain(`took ${ms.toFixed(1)} ms and ${steps} steps`)
  }
  return true
}

/** Of the first receiver that has this template. */
function formFor(file: string, { receivers, templates }: Config): keyof Content {
  const assigned = assignedTemplates(receivers, templates)
  const user = [...receivers].find(([name]) => [...(assigned.get(name)?.values() ?? [])].includes(file))
  if (user !== undefined) return formOf(user[1].type)
  return file.endsWith('.html.liquid') ? 'email' : 'slack'
}

function shown(form: keyof Content, content: Content[keyof Content]): string {
  if (form !== 'email') return JSON.stringify(content, null, 2)
  const { subject, text, html } = content as EmailMessage
  return `Subject: ${subject}\n\n${text}\n\n${html}`
}
