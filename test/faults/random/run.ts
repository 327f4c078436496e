import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { startBroker } from '../../../src/demo/broker/broker.ts'
import { playChapter } from './chapter.ts'
import { faults } from './faults.ts'
import { add, isRight, lastLine, noTotals, type Totals } from './totals.ts'
import type { Finding } from './verify.ts'

const roundsOfChapter = 10

const usage = `Random faults, done to real processes over a stream in flight; then every stored value is held against a recount,
and every notification against a run without faults. Needs Java 17 and Maven.

  npm run test:faults -- [--seed 1] [--rounds 200] [--fault NAME] [--log data/faults] [--resume]
                         [--readers 2] [--former DIR]

Ten rounds are a chapter, with a stream and a seed of its own: that of the first chapter is --seed, and each further one's
is one more. What failed is done again with its chapter's seed and --rounds ${roundsOfChapter}; the order in which processes run is
not repeated by it. --fault does only faults whose name begins so. --resume goes on behind the last whole chapter of the
same folder, seed and rounds. --readers sets kafka.readers: from 2 on threads read. --former runs every second instance from another checkout, with its node_modules: a rolling
upgrade from that version.`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '200' },
    fault: { type: 'string' },
    former: { type: 'string' },
    readers: { type: 'string', default: '1' },
    log: { type: 'string', default: 'data/faults' },
    resume: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

const complain = (text: string) => {
  console.error(text)
  process.exit(1)
}
const wholeNumber = (name: string, text: string) =>
  /^[1-9]\d{0,8}$/.test(text)
    ? Number(text)
    : (complain(`--${name} is "${text}"; expected a whole number from 1`) as never)

if (values.help) {
  console.log(usage)
  process.exit(0)
}
const seed = wholeNumber('seed', values.seed)
const rounds = wholeNumber('rounds', values.rounds)
const readers = wholeNumber('readers', values.readers)
const named = Object.keys(faults).filter(name => name.startsWith(values.fault ?? ''))
if (named.length === 0)
  complain(`--fault is "${values.fault}"; there are:\n${Object.keys(faults).join('\n')}`)

const stateSchema = z.object({
  seed: z.number(),
  rounds: z.number(),
  chapters: z.number(),
  totals: z.custom<Totals>()
})
const statePath = join(values.log, 'state.json')
await mkdir(values.log, { recursive: true })

async function begun(): Promise<{ chapters: number; totals: Totals }> {
  const fresh = { chapters: 0, totals: noTotals }
  if (!values.resume) return fresh
  const text = await readFile(statePath, 'utf8').catch(() => undefined)
  if (text === undefined) return fresh
  const state = stateSchema.parse(JSON.parse(text))
  if (state.seed !== seed || state.rounds !== rounds)
    complain(`${statePath} is of --seed ${state.seed} --rounds ${state.rounds}`)
  return state
}

let { chapters, totals } = await begun()
const folder = await mkdtemp(join(tmpdir(), 'cartwatch-faults-'))
const broker = await startBroker({ dir: join(folder, 'kafka') })
const stopped = new AbortController()
process.once('SIGINT', () => stopped.abort())
process.once('SIGTERM', () => stopped.abort())
const startedAt = performance.now()
const roundsBefore = totals.rounds
let failed = false

const left = () => {
  const done = totals.rounds - roundsBefore
  if (done === 0) return ''
  const minutes = ((performance.now() - startedAt) / done / 60_000) * (rounds - totals.rounds)
  return `, about ${Math.ceil(minutes)} min left`
}

try {
  while (totals.rounds < rounds && !failed) {
    const chapterSeed = seed + chapters
    const ofChapter = Math.min(roundsOfChapter, rounds - totals.rounds)
    const before = totals
    const findings: Finding[] = []
    console.log(`chapter ${chapters + 1}, seed ${chapterSeed}${left()}`)
    const chapter = playChapter({
      seed: chapterSeed,
      rounds: ofChapter,
      broker,
      instances: 2,
      readers,
      formerMain: values.former === undefined ? undefined : resolve(values.former, 'src/main.ts'),
      ...(values.fault !== undefined && {
        faults: Array.from(
          { length: ofChapter },
          (_, round) => named[(before.rounds + round) % named.length] as string
        )
      }),
      wait: ms => sleep(ms, undefined, { signal: stopped.signal }),
      onRound: (round, fault) =>
        console.log(`${new Date().toISOString()} round ${before.rounds + round + 1}/${rounds}: ${fault}`),
      note: finding => findings.push(finding),
      keepLog: text => writeFile(join(values.log, `chapter-${chapterSeed}.log`), text)
    })
    try {
      const came = await chapter
      totals = add(totals, came)
      failed = !isRight(came)
    } catch (error) {
      failed = true
      const what = error instanceof Error ? error.message : String(error)
      findings.push({ what })
    }
    if (stopped.signal.aborted)
      console.error('stopped: with --resume it goes on behind the last whole chapter')
    else if (failed) {
      const path = join(values.log, `findings-${chapterSeed}.json`)
      await writeFile(path, `${JSON.stringify(findings, null, 2)}\n`)
      for (const { what } of findings.slice(0, 10)) console.error(what.slice(0, 2_000))
      const again = `npm run test:faults -- --seed ${chapterSeed} --rounds ${ofChapter}`
      console.error(
        `failed in the chapter of seed ${chapterSeed}: ${again}; ${path} and the chapter's log beside it`
      )
    } else {
      chapters++
      await writeFile(statePath, JSON.stringify({ seed, rounds, chapters, totals }))
    }
  }
} finally {
  await broker.stop()
  await rm(folder, { recursive: true, force: true })
}
console.log(lastLine(totals))
if (!failed && totals.notifications === 0) {
  console.error('nobody was told of anything, so that nothing is said of notifications: take more rounds')
  failed = true
}
process.exit(failed ? 1 : 0)
