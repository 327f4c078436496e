import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { findKafka } from '../src/demo/broker/find.ts'
import { javaAndMavenAnswer } from '../src/demo/broker/jars.ts'
import { applyPatch, type Copy, copyRepository } from './mutations/copy.ts'
import { type Mutation, readMutations } from './mutations/patches.ts'
import { runTest } from './mutations/run-test.ts'

const usage = `Breaks one promise after another in a copy of the repository and shows that a test fails.

  node scripts/mutations.ts                 every patch of test/mutations
  node scripts/mutations.ts commit-early    only those named`

const root = fileURLToPath(new URL('..', import.meta.url))

type Verdict = 'seen' | 'SURVIVED' | 'does not apply' | 'fails unbroken' | 'does not run' | 'skipped'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false } }
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const known = await readMutations(`${root}test/mutations`)
const unknown = positionals.filter(name => !known.some(one => one.name === name))
if (unknown.length > 0) {
  console.error(`no such patch: ${unknown.join(', ')}; there are ${known.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}
const mutations = known.filter(({ name }) => positionals.length === 0 || positionals.includes(name))

// One Kafka for all of them, where any needs one.
const isUnit = ({ test }: Mutation) => test.startsWith('test/unit/')
const kafka = mutations.every(isUnit) ? undefined : await findKafka(await javaAndMavenAnswer())
const env = { ...process.env, ...(kafka && { KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap }) }
const copy = await copyRepository(root)
const table = new Table({ head: ['mutation', 'breaks', 'test', 'outcome', 's'], style: { head: [] } })
let isBad = false
try {
  for (const mutation of mutations) {
    const begun = performance.now()
    const verdict = await judge(copy, mutation)
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1)
    console.error(`${mutation.name}: ${verdict} (${seconds} s)`)
    table.push([mutation.name, mutation.breaks, mutation.test, verdict, seconds])
    if (verdict !== 'seen' && (verdict !== 'skipped' || process.env['CI'] === 'true')) isBad = true
  }
} finally {
  await copy.remove()
  await kafka?.stop()
}
console.log(table.toString())
process.exit(isBad ? 1 : 0)

/** A test that fails anyway, or breaks where the code does not even run, would show nothing. */
async function judge({ dir }: Copy, { path, test, named }: Mutation): Promise<Verdict> {
  const whole = await runTest(dir, test, named, env)
  if (whole.failed > 0) return 'fails unbroken'
  if (whole.passed === 0) return whole.skipped > 0 ? 'skipped' : 'does not run'
  if (!(await applyPatch(copy, path))) return 'does not apply'
  const broken = await runTest(dir, test, named, env)
  await applyPatch(copy, path, true)
  if (broken.failed > 0) return 'seen'
  return broken.passed > 0 ? 'SURVIVED' : 'does not run'
}
