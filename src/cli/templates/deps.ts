import { loadConfig } from '../../config/load.ts'
import { folderTemplatesOf } from '../../run/assembly/channels.ts'
import type { CommandContext } from '../context.ts'
import { templatesCommand } from './command.ts'

export const templatesCommandOf = ({ load, env, terminal }: CommandContext) =>
  templatesCommand({
    read: path => loadConfig({ path, env, uses: ['templates'], everyContent: true }),
    open(path) {
      const { config } = load(path, [])
      return { config, ...folderTemplatesOf(config) }
    },
    ...terminal
  })
