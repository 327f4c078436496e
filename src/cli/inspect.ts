import { writeFile } from 'node:fs/promises'
import { Command } from '@commander-js/extra-typings'
import { type Inspecting, inspectValues } from '../inspect/inspect.ts'
import { type Inspected, proposedConfig } from '../inspect/proposal.ts'
import { inspectionJson, inspectionText } from '../inspect/report.ts'
import { openFile } from '../source/file.ts'
import { messageOf } from '../telemetry/message.ts'
import { overview } from './overview.ts'
import { wholeNumber } from './parse.ts'
import type { Terminal } from './terminal.ts'

const examples = `
Examples:
  cartwatch inspect events.ndjson.gz            the first 1,000 records of a file
  cartwatch inspect --topic shop-events         the newest 1,000 records of a topic
  cartwatch inspect --topic orders --topic pageviews --write shop.yaml   one configuration for both topics
  cartwatch inspect orders.ndjson views.ndjson  each file by itself
  cartwatch inspect events.csv --write shop.yaml   the configuration into a file, for replay --config shop.yaml
  zcat *.gz | cartwatch inspect - --json        one JSON object

It tries every layout, and shows where each field of an event is, what the event types mean, how many records are read, what
the rest are, and what to put into cartwatch.yaml. Of several topics or files it looks at each by itself and proposes one
configuration.
It does not join the consumer group and commits nothing.
Exit codes: 0 records of each are read as events, 1 of one none are, no field is a time or a type, or an error in the
configuration, a file or Kafka.`

export interface InspectDeps extends Pick<Terminal, 'print' | 'setExitCode'> {
  readonly open: (config: string | undefined) => Inspecting
}

export function inspectCommand({ open, print, setExitCode }: InspectDeps) {
  return new Command('inspect')
    .description(overview.inspect.summary)
    .argument('[files...]', 'NDJSON, JSON or CSV, compressed or not; - for standard input')
    .option('--topic <name>', 'read the newest records of this topic, not a file; may be repeated', more)
    .option('--records <count>', 'how many records to read of each', parseCount, 1_000)
    .option('--write <file>', 'write the proposed configuration into this new file')
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .option('--json', 'one JSON object, and nothing else')
    .addHelpText('after', examples)
    .action(async (paths, options, command) => {
      const { topic: topics = [], records: count, write, json } = options
      if (paths.length > 0 === topics.length > 0) command.error('give either files or --topic')
      const { decoding, readNewest } = open(options.config)
      const all: Inspected[] = []
      for (const name of new Set(topics))
        all.push({ kind: 'topic', name, inspection: inspectValues(await readNewest(name, count), decoding) })
      for (const name of new Set(paths))
        all.push({ kind: 'file', name, inspection: inspectValues(await firstLines(name, count), decoding) })
      print(json ? inspectionJson(all) : inspectionText(all).trimEnd())
      if (all.some(({ inspection }) => inspection.known === 0 || inspection.missing.length > 0))
        setExitCode(1)
      if (write === undefined) return
      if (all.every(({ inspection }) => inspection.readable === 0))
        throw new Error(`${write} is not written: no record can be read`)
      await writeNew(write, proposedConfig(all))
      if (!json) print(`\nWritten to ${write}.`)
    })
}

const more = (name: string, names: readonly string[] = []): readonly string[] => [...names, name]

/** Never over a file that is there: it may say more. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST'
    const what = isThere
      ? 'is there already: paste the part above into it, or name another file'
      : messageOf(cause)
    throw new Error(`${path} ${what}`, { cause })
  }
}

const parseCount = wholeNumber(1, 100_000, 'a whole number from 1 to 100000')

/** Ends the reading of a file early. */
class Enough extends Error {}

async function firstLines(path: string, count: number): Promise<readonly Buffer[]> {
  const file = await openFile(path, process.stdin)
  const lines: Buffer[] = []
  try {
    await file.read(line => {
      if (lines.length === count) throw new Enough()
      lines.push(line)
    })
  } catch (error) {
    if (!(error instanceof Error && error.cause instanceof Enough)) throw error
  }
  return lines
}
