import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { terminalBar } from '../src/cli/progress.ts'
import { type Labelled, readCloud, readNab } from './detect/series/labelled.ts'
import { compared, eventSheet, nabSheet } from './detect/series/measure-series.ts'
import { withTable } from './page/with-table.ts'
import { type Sheet, written } from './sheet.ts'

const page = new URL('../docs/detection.md', import.meta.url)

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
  if (isForPage) {
    writeFileSync(page, withTable(readFileSync(page, 'utf8'), name, written(sheet, 'markdown')))
  }
}

await program.parseAsync()
