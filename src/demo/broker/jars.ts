import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { madeOnce } from './made-once.ts'

const run = promisify(execFile)
const pom = fileURLToPath(new URL('pom.xml', import.meta.url))
const cache = fileURLToPath(new URL('../../../.kafka', import.meta.url))
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

/** The folder of Kafka and its tools, fetched by Maven at the first call and kept in `.kafka/`. */
export async function kafkaJars(): Promise<string> {
  const version = /<kafka\.version>(.+?)</.exec(await readFile(pom, 'utf8'))?.[1]
  const copy = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies']
  return madeOnce(join(cache, `jars-${version}`), async folder => {
    await run('mvn', [...copy, `-DoutputDirectory=${folder}`], { timeout: downloadTimeoutMs })
  })
}
