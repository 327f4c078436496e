import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { terminalBar } from '../src/cli/progress.ts'
import { measureLife } from './detect/life/measure-life.ts'
import { brief, scenarios } from './detect/life/scenarios.ts'
import { lifeSheet } from './detect/life/sheet.ts'
import { parseNames, parseRates, parseSeeds } from './detect/options.ts'
import { type Labelled, readCloud, readNab } from './detect/series/labelled.ts'
import { compared, eventSheet, nabSheet } from './detect/series/measure-series.ts'
import { measureShop, shopTables } from './detect/shops/measure-shops.ts'
import { type StreamName, streams } from './detect/shops/streams.ts'
import { withTable } from './page/with-table.ts'
import { type Sheet, written } from './sheet.ts'

const page = new URL('../docs/detection.md', import.meta.url)

const names = Object.keys(streams) as StreamName[]

interface Shown {
  readonly json: boolean
  readonly page: boolean
}

interface LifeOptions extends Shown {
  readonly rates: readonly number[]
  readonly seeds: readonly number[]
  readonly short: boolean
}

interface ShopsOptions extends LifeOptions {
  readonly generators: readonly StreamName[]
}

interface SeriesOptions {
  readonly cloud?: string
  readonly nab?: string
  readonly page: boolean
}

const program = new Command('bench:detect').description('measures how well anomalies are found')

program
  .command('series')
  .description('single series that people have labelled, by our kinds and by plain detectors')
  .option('--cloud <folder>', "CSV files of Microsoft's cloud monitoring dataset: TimeStamp,Value,Label")
  .option('--nab <folder>', 'the Numenta Anomaly Benchmark: folders of CSV files, and combined_windows.json')
  .option('--page', 'write the tables into docs/detection.md', false)
  .action(({ cloud, nab, page: isForPage }: SeriesOptions, command: Command) => {
    if (cloud === undefined && nab === undefined) command.error('error: give --cloud, --nab or both')
    for (const folder of [cloud, nab]) {
      if (folder !== undefined && !existsSync(folder)) command.error(`error: no folder ${folder}`)
    }
    try {
      if (cloud !== undefined) measure('cloud', readCloud(cloud), eventSheet, isForPage)
      if (nab === undefined) return
      const series = readNab(nab)
      measure('nab', series, nabSheet, isForPage)
      measure('nab-events', series, eventSheet, isForPage)
    } catch (error) {
      command.error(`error: ${error instanceof Error ? error.message : String(error)}`)
    }
  })

program
  .command('shops')
  .description('three weeks of generated shops with labelled faults, through the whole pipeline of a replay')
  .option('--generators <names>', names.join(', '), parseNames(names), names)
  .option('--rates <numbers>', 'visits a minute', parseRates, [5, 20, 60])
  .option('--seeds <range>', 'a seed, or a range such as 7-9', parseSeeds, [4101])
  .option('--short', 'only the funnel, of 5 and 20 visits a minute', false)
  .option('--json', 'the tables as JSON', false)
  .option('--page', 'write the tables into docs/detection.md', false)
  .action(async ({ short, ...given }: ShopsOptions) => {
    const { generators, rates, seeds } = short
      ? { ...given, generators: ['funnel'] as const, rates: [5, 20] }
      : given
    const all = generators.flatMap(generator =>
      rates.flatMap(visitsPerMinute => seeds.map(seed => ({ generator, visitsPerMinute, seed, days: 21 })))
    )
    show(
      shopTables(await eachOf('shops', all, async shop => [shop, await measureShop(shop)] as const)),
      given
    )
  })

program
  .command('life')
  .description('weeks of generated shops in which nothing is wrong: each incident is one too many')
  .option('--rates <numbers>', 'visits a minute', parseRates, [20])
  .option('--seeds <range>', 'a seed, or a range such as 7-9', parseSeeds, [4201])
  .option('--short', `only ${brief.join(', ')}, of 5 visits a minute`, false)
  .option('--json', 'the table as JSON', false)
  .option('--page', 'write the table into docs/detection.md', false)
  .action(async ({ short, rates, ...given }: LifeOptions) => {
    const all = (short ? brief : Object.keys(scenarios)).flatMap(scenario =>
      (short ? [5] : rates).flatMap(visitsPerMinute =>
        given.seeds.map(seed => ({ scenario, visitsPerMinute, seed }))
      )
    )
    show({ life: lifeSheet(await eachOf('life', all, measureLife)) }, given)
  })

async function eachOf<Item, Outcome>(
  name: string,
  items: readonly Item[],
  measureItem: (item: Item) => Promise<Outcome>
): Promise<readonly Outcome[]> {
  const bar = terminalBar(`${name} {bar} {value} of {total}`)
  bar?.start(items.length, 0)
  const outcomes: Outcome[] = []
  for (const item of items) {
    outcomes.push(await measureItem(item))
    bar?.increment()
  }
  bar?.stop()
  return outcomes
}

function show(sheets: Readonly<Record<string, Sheet>>, { json, page: isForPage }: Shown): void {
  if (json) console.log(JSON.stringify(sheets, null, 2))
  for (const [name, sheet] of Object.entries(sheets)) {
    if (!json) console.log(`${name}:\n${written(sheet, 'text')}`)
    if (isForPage) write(name, sheet)
  }
}

function write(name: string, sheet: Sheet): void {
  writeFileSync(page, withTable(readFileSync(page, 'utf8'), name, written(sheet, 'markdown')))
}

function measure(
  name: string,
  series: readonly Labelled[],
  sheetOf: (series: readonly Labelled[], onDone: () => void) => Sheet,
  isForPage: boolean
): void {
  const bar = terminalBar(`${name} {bar} {value} of {total}`)
  bar?.start(series.length * compared.length, 0)
  const sheet = sheetOf(series, () => bar?.increment())
  bar?.stop()
  const rows = series.reduce((sum, { values }) => sum + values.length, 0)
  console.log(`${name}: ${series.length} series, ${rows.toLocaleString('en')} rows`)
  console.log(written(sheet, 'text'))
  if (isForPage) write(name, sheet)
}

await program.parseAsync()
