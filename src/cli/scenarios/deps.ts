import { playScenario } from '../../run/assembly/scenario.ts'
import type { CommandContext } from '../context.ts'
import { testCommand } from './command.ts'

export const testCommandOf = ({ load, clock, logOf, env, readFile, terminal }: CommandContext) =>
  testCommand({
    load: path => load(path, []),
    play: playScenario,
    clock,
    log: logOf(),
    env,
    readFile,
    ...terminal
  })
