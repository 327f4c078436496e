import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

const timeoutMs = 900_000

/** What a test file said: how many of its tests passed and failed; none of both where it could not run. */
export interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly { readonly status: string }[] }[]
}

/** Runs a test file of the copy, or those of its tests whose name has `named` in it. */
export async function runTest(
  dir: string,
  test: string,
  named: string | undefined,
  env: NodeJS.ProcessEnv
): Promise<Outcome> {
  const report = join(dir, 'report.json')
  await rm(report, { force: true })
  const vitest = join(dir, 'node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(
    process.execPath,
    [
      vitest,
      'run',
      test,
      '--reporter=json',
      `--outputFile=${report}`,
      ...(named === undefined ? [] : ['-t', escaped(named)])
    ],
    { cwd: dir, env, stdio: 'ignore', signal: AbortSignal.timeout(timeoutMs) }
  )
  // A run that is not over in time is ended, and has said nothing.
  await once(child, 'close').catch(() => {})
  return outcomeOf(await readFile(report, 'utf8').catch(() => '{"testResults":[]}'))
}

function outcomeOf(text: string): Outcome {
  const { testResults } = JSON.parse(text) as Report
  const statuses = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status))
  const count = (...some: readonly string[]) => statuses.filter(status => some.includes(status)).length
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped', 'pending', 'todo', 'disabled')
  }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
