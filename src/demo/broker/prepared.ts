import { execFile } from 'node:child_process'
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { minuteMs } from '../../time/units.ts'
import { launchBroker, stopBroker } from './broker-process.ts'
import { freePort } from './free-port.ts'
import { kafkaJars } from './jars.ts'
import { madeOnce } from './made-once.ts'
import { host, serverProperties } from './server-properties.ts'

const run = promisify(execFile)
const clusterId = 'Y2FydHdhdGNoLXRlc3RzMA'
/** To start soon counts for more here than to run fast. */
const jvmFlags = ['-Xms64m', '-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:-UsePerfData']
/** Half a broken archive would be worse than none: it takes seconds, or a minute on a busy machine. */
const archiveTimeoutMs = 5 * minuteMs

/** What a start of Kafka needs that is the same each time. */
export interface PreparedKafka {
  /** Arguments of `java` before the main class. */
  readonly java: readonly string[]
  /** A folder of records of a broker that has none yet. */
  readonly formatted: string
}

/**
 * Made at the first call and kept beside Kafka's files: an archive of the classes that a broker loads, and an empty
 * folder of records. With both, a start costs half the CPU. A Java that the archive does not fit starts without it.
 */
export async function preparedKafka(): Promise<PreparedKafka> {
  const jars = await kafkaJars()
  const java = [...jvmFlags, '-Dorg.apache.logging.log4j.level=WARN', '-cp', join(jars, '*')]
  const folder = await madeOnce(`${jars}-prepared`, partial => prepare(partial, java))
  // Java says so on its output where an archive does not fit it.
  const archived = [`-XX:SharedArchiveFile=${join(folder, 'classes.jsa')}`, '-Xlog:disable']
  return { java: [...archived, ...java], formatted: join(folder, 'records') }
}

/** Makes the folder of records that server.properties names. */
export async function formatRecords(java: readonly string[], properties: string, more: readonly string[]) {
  const format = ['format', '-t', clusterId, '-c', properties, ...more]
  await run('java', [...java, 'kafka.tools.StorageTool', ...format])
}

async function prepare(folder: string, java: readonly string[]): Promise<void> {
  const dir = join(folder, 'broker')
  const properties = join(dir, 'server.properties')
  const bootstrap = `${host}:${await freePort()}`
  await mkdir(dir)
  await writeFile(properties, serverProperties({ dir }, { PLAINTEXT: bootstrap }, await freePort()))
  await formatRecords(java, properties, [])
  await cp(join(dir, 'records'), join(folder, 'records'), { recursive: true })
  const archiving = [`-XX:ArchiveClassesAtExit=${join(folder, 'classes.jsa')}`, '-Xlog:disable', ...java]
  const logPath = join(dir, 'broker.log')
  await stopBroker(await launchBroker({ java: archiving, properties, bootstrap, logPath }), archiveTimeoutMs)
  await rm(dir, { recursive: true })
}
