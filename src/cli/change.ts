import { Command, Option } from '@commander-js/extra-typings'
import { changeKinds } from '../incident/change.ts'
import type { Change } from '../incident/changes.ts'
import { nameOf } from '../operator/actions.ts'
import { changeOf, eventOfChange } from '../operator/changing.ts'
import { createOperating } from '../operator/operator.ts'
import { viewOfChange } from '../store/tables/changes.ts'
import { shownTime } from '../time/shown-time.ts'
import { dayMs } from '../time/units.ts'
import type { OperatorDeps } from './ack.ts'
import { overview } from './overview.ts'
import { parseSince } from './parse.ts'
import { printRows, sinceOption } from './rows.ts'
import { textTable } from './table.ts'
import { onStore, UsageError, withStore } from './with-store.ts'

const addExamples = `
Examples:
  cartwatch change add "checkout 4.2" --kind deploy                          now, in the name of the logged-in user
  cartwatch change add "checkout 4.2" --kind deploy --by ci --id "$CI_JOB_ID" --link "$CI_JOB_URL"
  cartwatch change add "spring mailing" --kind campaign --at 2026-11-28T20:00Z

The messages of an incident that begins within 30 minutes behind it name it. The same --id again is the same change.`

export function changeCommand(deps: OperatorDeps) {
  return new Command('change')
    .description(overview.change.summary)
    .addCommand(addCommand(deps))
    .addCommand(listCommand(deps))
}

function addCommand({ open, pipeline, user, audit, clock, print }: OperatorDeps) {
  const command = new Command('add')
    .description('tell of a change')
    .argument('<what>', 'what was changed, such as "checkout 4.2"')
    .addOption(new Option('--kind <kind>', 'what it is').choices(changeKinds).default('other' as const))
    .option('--at <when>', 'when it took effect: a date, with a time, or an age (default: now)', text =>
      parseSince(text, clock.now())
    )
    .option('--by <name>', 'who did it (default: the logged-in user)')
    .option('--link <url>', 'where more is said of it')
    .option('--id <id>', 'the same one again is the same change')
  return onStore(command, addExamples).action((what, options) =>
    withStore(open, options, async store => {
      const { kind, at, link, id } = options
      const by = nameOf(options.by ?? user(), 'somebody')
      const nowMs = clock.now()
      const said = { what, kind, ...(link && { link }), ...(id && { id }) }
      const sent = { ...said, ...(at !== undefined && { at: new Date(at).toISOString() }) }
      const read = changeOf(sent, pipeline(options), { by, via: 'cli', at: nowMs })
      if (read.kind === 'wrong') throw new UsageError(read.message)
      const { change } = read
      await createOperating({ pipeline: change.pipeline, store, now: clock.now }).tell(change)
      print(`${change.kind} ${change.what} by ${by} at ${shownTime(change.at)} UTC`)
      await audit(store, change.pipeline, eventOfChange(change, nowMs))
    })
  )
}

function listCommand({ open, pipeline, clock }: OperatorDeps) {
  const command = new Command('list')
    .description('list changes, in the order of their time')
    .addOption(sinceOption('only those that took effect', clock))
    .option('--json', 'one JSON object per line, with the columns of realtime.changes')
  return onStore(command).action(options =>
    withStore(open, options, async store => {
      const changes = await store.changes(pipeline(options), options.since ?? clock.now() - 7 * dayMs)
      printRows(changes, options.json, viewOfChange, changesText)
    })
  )
}

export function changesText(changes: readonly Change[], width: number): string {
  if (changes.length === 0) return 'No changes.\n'
  const rows = changes.map(({ at, kind, by, what, link }) => [
    shownTime(at),
    kind,
    by,
    link === null ? what : `${what} (${link})`
  ])
  return `${textTable(['at (UTC)', 'kind', 'by', 'what'], rows, width)}\n`
}
