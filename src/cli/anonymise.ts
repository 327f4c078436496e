import { Command } from '@commander-js/extra-typings'
import { type AnonymiseSettings, createAnonymiseStep } from '../run/anonymising.ts'
import type { Clock } from '../telemetry/clock.ts'
import { counted } from '../time/texts.ts'
import type { CommandAudit } from './command-audit.ts'
import { overview } from './overview.ts'
import { type OpenStore, onStore, type StoreChoice, UsageError, withStore } from './with-store.ts'

export interface AnonymiseDeps {
  readonly open: OpenStore
  readonly settings: (options: StoreChoice) => {
    readonly pipeline: string
    /** Undefined where the configuration asks for none. */
    readonly anonymise: AnonymiseSettings | undefined
  }
  readonly audit: CommandAudit['inStore']
  readonly clock: Pick<Clock, 'now'>
  readonly print: (text: string) => void
}

const examples = `
Examples:
  cartwatch anonymise

Rows older than store.anonymise_after lose the names of people and their texts, which hashes replace. The active instance
does this once a day; run it yourself after you have set the age, or have changed it. It can be stopped and run again.`

export function anonymiseCommand({ open, settings, audit, clock, print }: AnonymiseDeps) {
  const command = new Command('anonymise').description(overview.anonymise.summary)
  return onStore(command, examples).action(options => {
    const { pipeline, anonymise } = settings(options)
    return withStore(open, options, async store => {
      if (anonymise === undefined)
        throw new UsageError(
          'Nothing is to be anonymised: set store.anonymise_after and store.anonymise_secret'
        )
      const step = createAnonymiseStep({ pipeline, settings: anonymise, store, now: clock.now })
      const sums = new Map<string, number>()
      const note = (rows: ReadonlyMap<string, number>) => {
        for (const [table, count] of rows) {
          sums.set(table, (sums.get(table) ?? 0) + count)
          print(`${table}: ${counted(sums.get(table) ?? 0, 'row')}`)
        }
      }
      while (await step(note));
      if (sums.size === 0) print('No row is old enough that still has a name.')
      else await audit(store, pipeline, { action: 'anonymised', details: { rows: Object.fromEntries(sums) } })
    })
  })
}
