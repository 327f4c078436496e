import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const pom = fileURLToPath(new URL('pom.xml', import.meta.url))
const cache = fileURLToPath(new URL('../../.kafka', import.meta.url))
const downloadTimeoutMs = 300_000

/** Whether a Java of at least 17 and Maven answer on this machine. */
export async function javaAndMavenAnswer(): Promise<boolean> {
  try {
    const [java] = await Promise.all([
      run('java', ['-version'], { timeout: 20_000 }),
      run('mvn', ['-version'], { timeout: 20_000 })
    ])
    const major = /version "(\d+)/.exec(java.stderr)?.[1]
    return Number(major) >= 17
  } catch {
    return false
  }
}

/**
 * The class path of Kafka and its tools, fetched by Maven at the first call and kept in `.kafka/`. The folder is
 * moved into place whole, so that two processes that fetch at once do not see half of it.
 */
export async function kafkaClassPath(): Promise<string> {
  const version = /<kafka\.version>(.+?)</.exec(await readFile(pom, 'utf8'))?.[1]
  const jars = join(cache, `jars-${version}`)
  if (!(await isFilled(jars))) await fetchJars(jars)
  return join(jars, '*')
}

async function fetchJars(jars: string): Promise<void> {
  const partial = `${jars}.${process.pid}`
  await mkdir(dirname(jars), { recursive: true })
  try {
    await run(
      'mvn',
      ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${partial}`],
      {
        timeout: downloadTimeoutMs
      }
    )
    await rename(partial, jars).catch(async cause => {
      if (!(await isFilled(jars))) throw cause
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

async function isFilled(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => [])
  return names.length > 0
}
