import { Command, InvalidArgumentError, Option } from 'commander'
import { severities } from '../../detectors/types.ts'
import type { Silence } from '../incident/types.ts'
import { nameOf, silenceEnding, silencing } from '../operator/actions.ts'
import { createOperating } from '../operator/operator.ts'
import { silencingOf } from '../operator/silencing.ts'
import type { Matchers } from '../routing/matchers.ts'
import { visibleJson } from '../telemetry/visible.ts'
import type { OperatorDeps } from './ack.ts'
import { shortId } from './incidents.ts'
import { fittedTable } from './table.ts'
import { shownTime } from './times.ts'
import { type StoreOptions, UsageError, withStore } from './with-store.ts'

interface AddOptions extends StoreOptions {
  readonly kind?: string[]
  readonly severity?: string[]
  readonly segment?: string[]
  readonly label?: Record<string, string[]>
  readonly for?: string
  readonly from?: string
  readonly until?: string
  readonly reason: string
  readonly by?: string
}

interface ListOptions extends StoreOptions {
  readonly json?: true
}

interface EndOptions extends StoreOptions {
  readonly by?: string
}

const examples = `
Examples:
  cartwatch silence add --kind revenue_drop --for 2h --reason "payment provider moves"
  cartwatch silence add --segment 'country=*' --severity low medium --for 1d --reason "new shops"
  cartwatch silence add --label team=data --from 2026-11-28T20:00Z --until 2026-11-28T23:00Z --reason maintenance
  cartwatch silence list
  cartwatch silence end 8c01d2

All that is given must fit, one of several values of an option is enough, * stands for any characters and a leading ! for
all but that. What fits is told to nobody while the silence lasts; an open page is resolved, and opened anew at its end
if the condition is still there. The instance that works takes it over within seconds.`

/** `cartwatch silence`: what is told to nobody for a while, for a reason. */
export function silenceCommand(deps: OperatorDeps): Command {
  const command = new Command('silence').description('tell nobody of some incidents for a while')
  command.addHelpText('after', examples)
  command.addCommand(addCommand(deps))
  command.addCommand(listCommand(deps))
  command.addCommand(endCommand(deps))
  return command
}

const withPlaces = (command: Command): Command =>
  command
    .option('--config <file>', 'the configuration file')
    .option('--store <folder>', 'a folder with an embedded store, instead of the configured store')

function addCommand({ open, pipeline, user, clock, print }: OperatorDeps): Command {
  const command = new Command('add')
    .description('begin a silence')
    .option('--kind <kind...>', 'of these kinds')
    .addOption(new Option('--severity <severity...>', 'of these severities').choices(severities))
    .option('--segment <segment...>', 'of these segments, such as country=DE')
    .option('--label <name=value...>', 'with these labels', labelsOf)
    .option('--for <duration>', 'for so long, such as 2h')
    .option('--from <time>', 'from then on, ISO 8601 with its zone (default: now)')
    .option('--until <time>', 'until then, instead of --for')
    .requiredOption('--reason <text>', 'why, for those who wonder')
    .option('--by <name>', 'in whose name (default: who is logged in here)')
  return withPlaces(command).action((options: AddOptions) =>
    withStore(open, options, async store => {
      const { kind, severity, segment, label: labels, reason, from: starts_at, until: ends_at } = options
      const match = { kind, severity, segment, labels }
      const given = Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined))
      const by = nameOf(options.by ?? user(), 'somebody')
      const at = clock.now()
      const read = silencingOf({ match: given, reason, by, for: options.for, starts_at, ends_at }, at)
      if (read.kind === 'wrong') throw new UsageError(read.message)
      const action = silencing(pipeline(options), read.silencing, { by, via: 'cli', at })
      await store.insertActions([action])
      if (action.silence) print(`${shortId(action.silence.id)} silences ${lineOf(action.silence)}`)
    })
  )
}

function listCommand({ open, pipeline, clock, print }: OperatorDeps): Command {
  const command = new Command('list')
    .description('list the silences that last or are still to begin')
    .option('--json', 'one JSON object a line')
  return withPlaces(command).action((options: ListOptions) =>
    withStore(open, options, async store => {
      const operating = createOperating({ pipeline: pipeline(options), store, now: clock.now })
      const silences = await operating.silences()
      if (options.json) for (const silence of silences) print(visibleJson(JSON.stringify(silence)))
      else print(tableOf(silences, process.stdout.columns ?? 120))
    })
  )
}

function endCommand({ open, pipeline, user, clock, print }: OperatorDeps): Command {
  const command = new Command('end')
    .description('end a silence now')
    .argument('<silence>', 'its id, or the first 6 characters or more')
    .option('--by <name>', 'in whose name (default: who is logged in here)')
  return withPlaces(command).action((id: string, options: EndOptions) =>
    withStore(open, options, async store => {
      const operating = createOperating({ pipeline: pipeline(options), store, now: clock.now })
      const silence = onlyOne(await operating.silences(), id)
      const asked = { by: nameOf(options.by ?? user(), 'somebody'), via: 'cli', at: clock.now() } as const
      await operating.act(silenceEnding(operating.pipeline, silence, asked))
      print(`${shortId(silence.id)} is over: it silenced ${textOf(silence.matchers)}`)
    })
  )
}

function onlyOne(silences: readonly Silence[], id: string): Silence {
  if (id.length < 6) throw new UsageError(`"${id}" is no silence's id, nor its first 6 characters or more`)
  const [silence, ...others] = silences.filter(one => one.id.startsWith(id))
  if (silence === undefined)
    throw new UsageError(`There is no silence ${id} (cartwatch silence list lists them)`)
  if (others.length) throw new UsageError(`Several silences begin with ${id}`)
  return silence
}

function labelsOf(text: string, before: Record<string, string[]> = {}): Record<string, string[]> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Such as team=data.')
  const [name, value] = [text.slice(0, at), text.slice(at + 1)]
  return { ...before, [name]: [...(before[name] ?? []), value] }
}

function tableOf(silences: readonly Silence[], width: number): string {
  if (silences.length === 0) return 'No silences.'
  const rows = silences.map(({ id, matchers, startsAt, endsAt, by, reason }) => [
    shortId(id),
    shownTime(startsAt),
    shownTime(endsAt),
    by,
    `${textOf(matchers)}: ${reason}`
  ])
  return fittedTable(['id', 'from (UTC)', 'until (UTC)', 'by', 'what, and why'], rows, width)
}

const lineOf = ({ matchers, startsAt, endsAt }: Silence): string =>
  `${textOf(matchers)} from ${shownTime(startsAt)} until ${shownTime(endsAt)} UTC`

/** Such as `kind revenue_drop, severity low or medium`. */
function textOf({ kinds, severities: grave, segments, pipelines, labels }: Matchers): string {
  const named: readonly (readonly [string, readonly string[] | null])[] = [
    ['kind', kinds],
    ['severity', grave],
    ['segment', segments],
    ['pipeline', pipelines],
    ...Object.entries(labels).map(([name, values]) => [`label ${name}`, values] as const)
  ]
  return named.flatMap(([name, values]) => (values ? [`${name} ${values.join(' or ')}`] : [])).join(', ')
}
