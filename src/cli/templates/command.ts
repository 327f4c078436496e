import { Command } from '@commander-js/extra-typings'
import { type CheckTemplatesDeps, checkSubcommand } from './check.ts'
import { type RenderTemplateDeps, renderSubcommand } from './render.ts'

export const templatesCommand = (deps: CheckTemplatesDeps & RenderTemplateDeps) =>
  new Command('templates')
    .description("check and try out messages of one's own (docs/templates.md)")
    .addCommand(checkSubcommand(deps))
    .addCommand(renderSubcommand(deps))
