import { tunablesOf, tuneStored } from '../../run/assembly/tune.ts'
import { openPatiently } from '../backtest/deps.ts'
import { type CommandContext, ofStore } from '../context.ts'
import { tuneCommand } from './command.ts'

export const tuneCommandOf = (context: CommandContext) =>
  tuneCommand({
    open: openPatiently(context),
    load: options => context.load(options.config, ofStore(options)),
    kindsOf: tunablesOf,
    tune: tuneStored,
    clock: context.clock,
    log: context.logOf()
  })
