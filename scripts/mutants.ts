import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'

const usage = `Changes the code of a folder in small ways, one at a time, and shows which changes no unit test notices.

  npm run test:mutants -- src/incident                     a folder
  npm run test:mutants -- src/incident/notify.ts           a file
  npm run test:mutants -- src/incident --concurrency 4     with more processes than two

What survives is listed with its place, and in data/mutants/FOLDER/ as a page (mutation.html) and as JSON.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { concurrency: { type: 'string', default: '2' }, help: { type: 'boolean', default: false } }
})
const [given, ...more] = positionals
const place = given?.replace(/\/+$/, '')
const concurrency = Number(values.concurrency)
if (values.help || place === undefined || more.length > 0 || !(concurrency >= 1)) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}
const found = await stat(place).catch(() => undefined)
if (found === undefined) {
  console.error(`there is no ${place}`)
  process.exit(1)
}

const reports = join('data', 'mutants', place)
const results = await new Stryker({
  mutate: [found.isDirectory() ? `${place}/**/*.ts` : place],
  testRunner: 'vitest',
  vitest: { configFile: 'scripts/mutants/vitest.config.ts', related: true },
  // Nothing in the constants of a module is looked at: each would need all tests once more.
  ignoreStatic: true,
  concurrency,
  // A test that takes longer by a change is one that sees it, but not one on a busy machine.
  timeoutMS: 30_000,
  timeoutFactor: 4,
  tempDirName: 'data/mutants-sandbox',
  ignorePatterns: ['/data', '/.kafka', '/bench/results'],
  reporters: ['clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, allowEmojis: false, reportTests: false },
  htmlReporter: { fileName: join(reports, 'mutation.html') },
  jsonReporter: { fileName: join(reports, 'mutation.json') },
  allowConsoleColors: false,
  allowEmpty: true
}).runMutationTest()
console.log(`${results.length} changes to ${place}; ${reports}/mutation.html shows each`)
