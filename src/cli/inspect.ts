import { Command, InvalidArgumentError } from 'commander'
import { inspectValues } from '../inspect/inspect.ts'
import { inspectionJson, inspectionText } from '../inspect/report.ts'
import type { Inspecting } from '../inspect/types.ts'
import { openFile } from '../source/file.ts'

const examples = `
Examples:
  cartwatch inspect events.ndjson.gz            the first 1,000 records of a file
  cartwatch inspect --topic shop-events         the newest 1,000 records of a topic
  zcat *.gz | cartwatch inspect - --json        one JSON object

It shows where each field of an event is, what the event types mean, what is wrong, and what to put into cartwatch.yaml.
It does not join the consumer group and commits nothing.
Exit codes: 0 there are readable records, 1 there are none, or an error in the configuration, the file or Kafka.`

interface InspectOptions {
  readonly topic?: string
  readonly config?: string
  readonly records: number
  readonly json?: true
}

export interface InspectDeps {
  readonly open: (config: string | undefined) => Inspecting
  /** A line for standard output, without its newline. */
  readonly print: (text: string) => void
  readonly setExitCode: (code: number) => void
}

export function inspectCommand({ open, print, setExitCode }: InspectDeps): Command {
  return new Command('inspect')
    .description('show how events are written in records, and the configuration that reads them')
    .argument('[file]', 'NDJSON, gzipped or not; - for standard input')
    .option('--topic <name>', 'read the newest records of this topic instead of a file')
    .option('--records <count>', 'how many records to read', readCount, 1_000)
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .option('--json', 'one JSON object, and nothing else')
    .addHelpText('after', examples)
    .action(async (path: string | undefined, options: InspectOptions, command: Command) => {
      const { topic, records: count } = options
      if ((path === undefined) === (topic === undefined)) command.error('give either a file or --topic')
      const { decoding, readNewest } = open(options.config)
      const values =
        topic === undefined ? await firstLines(path ?? '-', count) : await readNewest(topic, count)
      const inspection = inspectValues(values, decoding)
      print(options.json ? inspectionJson(inspection, topic) : inspectionText(inspection, topic).trimEnd())
      if (inspection.readable === 0) setExitCode(1)
    })
}

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

function readCount(text: string): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= 100_000) return count
  throw new InvalidArgumentError('Expected a whole number from 1 to 100000.')
}
