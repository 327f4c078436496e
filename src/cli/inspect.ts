import { writeFile } from 'node:fs/promises'
import { Command } from '@commander-js/extra-typings'
import { type Inspecting, inspectValues } from '../inspect/inspect.ts'
import { inspectionJson, inspectionText, proposedConfig } from '../inspect/report.ts'
import { openFile } from '../source/file.ts'
import { messageOf } from '../telemetry/message.ts'
import { wholeNumber } from './parse.ts'
import type { Terminal } from './terminal.ts'

const examples = `
Examples:
  cartwatch inspect events.ndjson.gz            the first 1,000 records of a file
  cartwatch inspect --topic shop-events         the newest 1,000 records of a topic
  cartwatch inspect events.csv --write shop.yaml   the configuration into a file, for replay --config shop.yaml
  zcat *.gz | cartwatch inspect - --json        one JSON object

It tries every layout, and shows where each field of an event is, what the event types mean, how many records are read, what
the rest are, and what to put into cartwatch.yaml.
It does not join the consumer group and commits nothing.
Exit codes: 0 records are read as events, 1 none are, no field is a time or a type, or an error in the configuration, the
file or Kafka.`

export interface InspectDeps extends Pick<Terminal, 'print' | 'setExitCode'> {
  readonly open: (config: string | undefined) => Inspecting
}

export function inspectCommand({ open, print, setExitCode }: InspectDeps) {
  return new Command('inspect')
    .description('show how events are written in records, and the configuration that reads them')
    .argument('[file]', 'NDJSON, JSON or CSV, compressed or not; - for standard input')
    .option('--topic <name>', 'read the newest records of this topic instead of a file')
    .option('--records <count>', 'how many records to read', parseCount, 1_000)
    .option('--write <file>', 'write the proposed configuration into this new file')
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .option('--json', 'one JSON object, and nothing else')
    .addHelpText('after', examples)
    .action(async (path, options, command) => {
      const { topic, records: count } = options
      if ((path === undefined) === (topic === undefined)) command.error('give either a file or --topic')
      const { decoding, readNewest } = open(options.config)
      const values =
        topic === undefined ? await firstLines(path ?? '-', count) : await readNewest(topic, count)
      const inspection = inspectValues(values, decoding)
      print(options.json ? inspectionJson(inspection, topic) : inspectionText(inspection, topic).trimEnd())
      if (options.write !== undefined) await writeNew(options.write, proposedConfig(inspection, topic))
      if (inspection.known === 0 || inspection.missing.length > 0) setExitCode(1)
    })
}

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
