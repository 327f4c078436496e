import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { shortId } from '../explain/words.ts'
import type { Silence } from '../incident/types.ts'
import { eventOfAction } from '../operator/action-event.ts'
import { nameOf, silenceEnding, silencing } from '../operator/actions.ts'
import { createOperating } from '../operator/operator.ts'
import { type Covered, coveredBy } from '../operator/silence-cover.ts'
import { silenceJson } from '../operator/silence-json.ts'
import { silencingOf } from '../operator/silencing.ts'
import type { Matchers } from '../routing/matchers.ts'
import { visibleJson } from '../telemetry/visible-text.ts'
import { shownTime } from '../time/shown-time.ts'
import type { OperatorDeps } from './ack.ts'
import { causeText } from './incidents.ts'
import { overview } from './overview.ts'
import { severityOption } from './patterns.ts'
import { textTable } from './table.ts'
import { onStore, UsageError, withStore } from './with-store.ts'

const examples = `
Examples:
  cartwatch silence add --kind revenue_drop --for 2h --reason "payment provider moves"
  cartwatch silence add --segment 'country=*' --severity low medium --for 1d --reason "new shops"
  cartwatch silence add --label team=data --from 2026-11-28T20:00Z --until 2026-11-28T23:00Z --reason maintenance
  cartwatch silence add --kind "*" --for 1h --reason test --dry-run      what it would cover; begins none
  cartwatch silence list
  cartwatch silence end 8c01d2

All given options must match; of several values of one option, one is enough. * matches any characters, a leading ! negates.
Nobody is notified of matching incidents while the silence lasts. An open page is resolved, and opened again when the
silence ends if the condition is still there. The active instance applies a silence within seconds.`

export const silenceCommand = (deps: OperatorDeps) =>
  new Command('silence')
    .description(overview.silence.summary)
    .addHelpText('after', examples)
    .addCommand(addCommand(deps))
    .addCommand(listCommand(deps))
    .addCommand(endCommand(deps))

function addCommand({ open, pipeline, routing, user, audit, clock, print }: OperatorDeps) {
  const command = new Command('add')
    .description('begin a silence')
    .option('--kind <kind...>', 'of these kinds')
    .addOption(severityOption('of these severities'))
    .option('--segment <segment...>', 'of these segments, such as country=DE')
    .option('--label <name=value...>', 'with these labels', labelsOf)
    .option('--for <duration>', 'how long, such as 2h')
    .option('--from <time>', 'its start, ISO 8601 with its zone (default: now)')
    .option('--until <time>', 'its end, instead of --for')
    .requiredOption('--reason <text>', 'why; shown wherever the silence is')
    .option('--by <name>', 'in whose name (default: the logged-in user)')
    .option('--dry-run', 'show the open incidents that it would cover, and begin none')
  return onStore(command).action(options =>
    withStore(open, options, async store => {
      const { kind, severity, segment, label: labels, reason, from: starts_at, until: ends_at } = options
      const match = { kind, severity, segment, labels }
      const given = Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined))
      const by = nameOf(options.by ?? user(), 'somebody')
      const at = clock.now()
      const read = silencingOf({ match: given, reason, by, for: options.for, starts_at, ends_at }, at)
      if (read.kind === 'wrong') throw new UsageError(read.message)
      if (options.dryRun === true) {
        const operating = createOperating({ pipeline: pipeline(options), store, now: clock.now })
        const covered = await coveredBy(read.silencing.matchers, operating, await routing(options))
        print(coverText(covered, process.stdout.columns ?? 120))
        return
      }
      const action = silencing(pipeline(options), read.silencing, { by, via: 'cli', at })
      await store.insertActions([action])
      if (action.silence) print(`${shortId(action.silence.id)} silences ${silenceText(action.silence)}`)
      await audit(store, action.pipeline, eventOfAction(action))
    })
  )
}

function listCommand({ open, pipeline, clock, print }: OperatorDeps) {
  const command = new Command('list')
    .description('list active and future silences')
    .option('--json', 'one JSON object per line')
  return onStore(command).action(options =>
    withStore(open, options, async store => {
      const operating = createOperating({ pipeline: pipeline(options), store, now: clock.now })
      const silences = await operating.silences()
      if (options.json)
        for (const silence of silences) print(visibleJson(JSON.stringify(silenceJson(silence))))
      else print(silencesText(silences, process.stdout.columns ?? 120))
    })
  )
}

function endCommand({ open, pipeline, user, audit, clock, print }: OperatorDeps) {
  const command = new Command('end')
    .description('end a silence now')
    .argument('<silence>', 'its id, or the first 6 characters or more')
    .option('--by <name>', 'in whose name (default: the logged-in user)')
  return onStore(command).action((id, options) =>
    withStore(open, options, async store => {
      const operating = createOperating({ pipeline: pipeline(options), store, now: clock.now })
      const silence = onlyOne(await operating.silences(), id)
      const asked = { by: nameOf(options.by ?? user(), 'somebody'), via: 'cli', at: clock.now() } as const
      const action = silenceEnding(operating.pipeline, silence, asked)
      await operating.act(action)
      print(`${shortId(silence.id)} has ended; it silenced ${matchersText(silence.matchers)}`)
      await audit(store, action.pipeline, eventOfAction(action))
    })
  )
}

function onlyOne(silences: readonly Silence[], id: string): Silence {
  if (id.length < 6)
    throw new UsageError(
      `"${id}" is not the id of a silence: give the whole id or at least its first 6 characters`
    )
  const [silence, ...others] = silences.filter(one => one.id.startsWith(id))
  if (silence === undefined)
    throw new UsageError(`There is no silence ${id} (cartwatch silence list lists them)`)
  if (others.length) throw new UsageError(`Several silences begin with ${id}`)
  return silence
}

function labelsOf(text: string, before: Record<string, string[]> = {}): Record<string, string[]> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Expected a label such as team=data.')
  const [name, value] = [text.slice(0, at), text.slice(at + 1)]
  return { ...before, [name]: [...(before[name] ?? []), value] }
}

function silencesText(silences: readonly Silence[], width: number): string {
  if (silences.length === 0) return 'No silences.'
  const rows = silences.map(({ id, matchers, startsAt, endsAt, by, reason }) => [
    shortId(id),
    shownTime(startsAt),
    shownTime(endsAt),
    by,
    `${matchersText(matchers)}: ${reason}`
  ])
  return textTable(['id', 'from (UTC)', 'until (UTC)', 'by', 'matchers and reason'], rows, width)
}

function coverText(covered: readonly Covered[], width: number): string {
  if (covered.length === 0) return 'It would cover no open incident.'
  const rows = covered.map(({ incident, receivers }) => [
    shortId(incident.id),
    incident.severity,
    causeText(incident),
    receivers.join(', ') || 'nobody'
  ])
  return textTable(['id', 'severity', 'what', 'no longer notified'], rows, width, 2)
}

const silenceText = ({ matchers, startsAt, endsAt }: Silence): string =>
  `${matchersText(matchers)} from ${shownTime(startsAt)} until ${shownTime(endsAt)} UTC`

/** Such as `kind revenue_drop, severity low or medium`. */
function matchersText({ kinds, severities: severity, segments, pipelines, labels }: Matchers): string {
  const named: readonly (readonly [string, readonly string[] | null])[] = [
    ['kind', kinds],
    ['severity', severity],
    ['segment', segments],
    ['pipeline', pipelines],
    ...Object.entries(labels).map(([name, values]) => [`label ${name}`, values] as const)
  ]
  return named.flatMap(([name, values]) => (values ? [`${name} ${values.join(' or ')}`] : [])).join(', ')
}
