import { Command } from '@commander-js/extra-typings'
import { overview } from '../overview.ts'
import { type CheckTemplatesDeps, checkSubcommand } from './check.ts'
import { type RenderTemplateDeps, renderSubcommand } from './render.ts'

export const templatesCommand = (deps: CheckTemplatesDeps & RenderTemplateDeps) =>
  new Command('templates')
    .description(overview.templates.summary)
    .addCommand(checkSubcommand(deps))
    .addCommand(renderSubcommand(deps))
