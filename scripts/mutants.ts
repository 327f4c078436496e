import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const usage = `Changes the code of a folder in small ways, one at a time, and lists the changes that no unit test notices.

  npm run test:mutants -- src/incident                     a folder
  npm run test:mutants -- src/incident/notify.ts           a file
  npm run test:mutants -- src/incident --concurrency 4     with more processes than two

The list has each change with its place; data/mutants/FOLDER/mutation.html shows them in the code, and mutation.json
has them as data.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { concurrency: { type: 'string' }, help: { type: 'boolean', default: false } }
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

const { concurrency } = values
const stryker = spawn(
  join('node_modules', '.bin', 'stryker'),
  [
    'run',
    ...['--mutate', found.isDirectory() ? `${place}/**/*.ts` : place],
    ...(concurrency === undefined ? [] : ['--concurrency', concurrency])
  ],
  { stdio: 'inherit' }
)
const [code] = await once(stryker, 'close')
if (code === 0) {
  const folder = join('data', 'mutants', place)
  await mkdir(folder, { recursive: true })
  for (const report of ['mutation.html', 'mutation.json'])
    await rename(join('data', 'mutants', report), join(folder, report))
}
process.exitCode = code ?? 1
