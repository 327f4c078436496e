import type { Loaded } from '../../config/load.ts'
import { backtestEvents, backtestStored } from '../../run/assembly/backtest.ts'
import { type CommandContext, ofStore, openStoreOf } from '../context.ts'
import type { StoreChoice } from '../with-store.ts'
import { backtestCommand } from './command.ts'

const patientMs = 120_000

export const openPatiently =
  ({ terminal }: Pick<CommandContext, 'terminal'>) =>
  (loaded: Loaded, options: StoreChoice) =>
    openStoreOf(withPatience(loaded), options, terminal)

export const backtestCommandOf = ({ load, clock, logOf, terminal }: CommandContext) =>
  backtestCommand({
    open: openPatiently({ terminal }),
    load: (path, options) => load(path, ofStore(options)),
    ofStored: backtestStored,
    ofEvents: backtestEvents,
    clock,
    log: logOf()
  })

/** A day of segments is read at once, beside a live instance: nobody waits for it. */
function withPatience({ config, ...loaded }: Loaded): Loaded {
  const timeoutMs = Math.max(config.store.timeoutMs, patientMs)
  return { ...loaded, config: { ...config, store: { ...config.store, timeoutMs } } }
}
