import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { mkdir, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const usage = `Changes the code of a folder in small ways, one at a time, and lists the changes that no unit test notices.

  npm run test:mutants -- src/incident                     a folder
  npm run test:mutants -- src/incident/notify.ts           a file
  npm run test:mutants -- src/store --part 1/6             each sixth of its files by name, from the first: a sample
  npm run test:mutants -- src/incident --all               with all unit tests that reach it, not only its folder's own
  npm run test:mutants -- src/incident --concurrency 4     with more processes than two

The list has each change with its place; data/mutants/FOLDER/mutation.html shows them in the code, and mutation.json
has them as data; of a part, they are in a folder of its own there.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    concurrency: { type: 'string' },
    part: { type: 'string', default: '1/1' },
    help: { type: 'boolean', default: false }
  }
})
const [given, ...more] = positionals
if (values.help || given === undefined || more.length > 0) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}
const place = given.replace(/\/+$/, '')
const found = await stat(place).catch(() => undefined)
if (found === undefined) {
  console.error(`there is no ${place}`)
  process.exit(1)
}

const [part = 0, parts = 0] = (/^(\d+)\/(\d+)$/.exec(values.part) ?? []).slice(1).map(Number)
if (!(part >= 1 && part <= parts)) {
  console.error(`--part is "${values.part}": expected one such as 1/6`)
  process.exit(1)
}
const files = found.isDirectory() ? globSync(`${place}/**/*.ts`).sort() : [place]
const sample = files.filter((_, index) => index % parts === part - 1)
if (sample.length === 0) {
  console.error(`${place} has ${files.length} files: --part ${values.part} is none of them`)
  process.exit(1)
}
console.log(`of ${files.length} files these: ${sample.join(', ')}`)

const folder = (found.isDirectory() ? place : dirname(place)).replace(/^src\//, '')
const tests = join('test', 'unit', folder)
if (!values.all && (await stat(tests).catch(() => undefined)) === undefined) {
  console.error(`there is no ${tests}: with --all, each unit test that reaches ${place} is run`)
  process.exit(1)
}
const { concurrency } = values
const stryker = spawn(
  join('node_modules', '.bin', 'stryker'),
  [
    'run',
    ...['--mutate', sample.join(',')],
    ...(concurrency === undefined ? [] : ['--concurrency', concurrency])
  ],
  { stdio: 'inherit', env: { ...process.env, ...(!values.all && { MUTANTS_TESTS: tests }) } }
)
const [code] = await once(stryker, 'close')
if (code === 0) {
  const reports = join('data', 'mutants', place, ...(parts > 1 ? [`part-${part}-of-${parts}`] : []))
  await mkdir(reports, { recursive: true })
  for (const report of ['mutation.html', 'mutation.json'])
    await rename(join('data', 'mutants', report), join(reports, report))
}
process.exitCode = code ?? 1
