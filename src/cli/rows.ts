import { type Command, Option, type OptionValues } from '@commander-js/extra-typings'
import type { Clock } from '../telemetry/clock.ts'
import { visibleJson } from '../telemetry/visible-text.ts'
import { parseLimit, parseSince } from './parse.ts'
import { onStore } from './with-store.ts'

export const sinceOption = (which: string, clock: Clock) =>
  new Option(
    '--since <when>',
    `${which} since then: a duration such as 24h, or a date such as 2026-11-20`
  ).argParser(text => parseSince(text, clock.now()))

/** What every list of stored rows takes, behind a command's own options. */
export const onRows = <Arguments extends unknown[], Options extends OptionValues>(
  command: Command<Arguments, Options>,
  table: string,
  examples: string
) =>
  onStore(
    command
      .option('--limit <count>', 'list at most this many', parseLimit, 50)
      .option('--json', `one JSON object per line, with the columns of realtime.${table}`),
    examples
  )

export const jsonLine = (value: unknown): string => `${visibleJson(JSON.stringify(value))}\n`

/** Rows as they are stored, one JSON object a line, or as a table for the terminal. */
export function printRows<Row>(
  rows: readonly Row[],
  json: true | undefined,
  viewOf: (row: Row) => object,
  textOf: (rows: readonly Row[], width: number) => string
): void {
  process.stdout.write(
    json ? rows.map(row => jsonLine(viewOf(row))).join('') : textOf(rows, process.stdout.columns ?? 120)
  )
}
