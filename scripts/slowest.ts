import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import Table from 'cli-table3'
import { z } from 'zod'

/** Where `npm test` puts Vitest's report (package.json). */
const reportPath = 'data/tests.json'
const shown = 10

const reportSchema = z.object({
  startTime: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(z.unknown())
    })
  )
})

const text = await readFile(reportPath, 'utf8').catch(runSuite)
const { startTime, testResults } = reportSchema.parse(JSON.parse(text))
const files = testResults
  .map(({ name, startTime, endTime, assertionResults }) => ({
    name: relative('.', name),
    seconds: (endTime - startTime) / 1_000,
    tests: assertionResults.length
  }))
  .sort((a, b) => b.seconds - a.seconds)
const total = files.reduce((sum, { seconds }) => sum + seconds, 0)

const table = new Table({
  head: ['file', 'tests', 's'],
  colAligns: ['left', 'right', 'right'],
  style: { head: [], border: [], compact: true }
})
for (const { name, tests, seconds } of files.slice(0, shown)) table.push([name, tests, seconds.toFixed(1)])
console.log(table.toString())
console.log(
  `of ${files.length} files that took ${total.toFixed(0)} s in all, on ${new Date(startTime).toISOString()}`
)

/** Fails as the suite does, and gives its report all the same. */
async function runSuite(): Promise<string> {
  console.error(`there is no ${reportPath} yet: running npm test`)
  const suite = spawn('npm', ['test'], { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = await once(suite, 'close')
  process.exitCode = code
  return readFile(reportPath, 'utf8')
}
