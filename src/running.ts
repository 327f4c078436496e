import { readFileSync } from 'node:fs'
import type { Run } from './cli/run.ts'
import type { Loaded } from './config/load.ts'
import { configNotes } from './config/notes.ts'
import { onHangup } from './hangup.ts'
import { buildLive, type Instance } from './run/assembly/live.ts'
import { receiverLines } from './run/assembly/receiver-lines.ts'
import { createReloadableConfig } from './run/assembly/reload.ts'
import { watchSecretFiles } from './run/assembly/secret-files.ts'
import { whyUnpatched } from './source/kafka/patch-check.ts'
import { wallClock } from './telemetry/clock.ts'
import type { LevelledLogger } from './telemetry/log.ts'
import { messageOf } from './telemetry/message.ts'
import { createMetrics } from './telemetry/metrics.ts'
import type { Logger } from './telemetry/types.ts'
import { version } from './telemetry/version.ts'
import { answerParent, tellParent } from './tenants/answering.ts'

/** How long a stop may take before it is forced: an orchestrator kills soon after. */
const stopMs = 9_500

export interface RunParts {
  /** Reads the configuration; throws where it is wrong. */
  readonly load: (path: string | undefined) => Loaded
  /** A log as the configuration of the moment wants it. */
  readonly loggerOf: (current: () => Loaded, to: 'stdout') => LevelledLogger
  /** Whose process it is, where several run side by side. */
  readonly tenant: string | undefined
}

/** `cartwatch run`: an instance, until a signal or an error ends the process. */
export function createRun({ load, loggerOf, tenant }: RunParts): Run {
  return async function run({ config: path }) {
    const unpatched = whyUnpatched()
    if (unpatched !== undefined) throw new Error(unpatched)
    const metrics = createMetrics({ ofProcess: true, tenant })
    metrics.setBuild(version, process.versions.node)
    const onReload = (isUsed: boolean) => metrics.setReload(isUsed, wallClock.now())
    const configuration = createReloadableConfig(load(path), { path, env: process.env }, onReload)
    onReload(true)
    const loaded = configuration.current()
    const log = loggerOf(configuration.current, 'stdout')
    for (const warning of loaded.warnings) log.warn({}, warning)
    for (const note of configNotes(loaded.config)) log.warn({}, note)
    for (const { receiver, message } of receiverLines(loaded)) log.info({ receiver }, message)
    const instance = await buildLive({
      ...{ loaded, clock: wallClock, log, metrics, tenant },
      onListening: address => tellParent(process, { type: 'listening', address })
    })
    answerParent(process, instance.port, metrics, () => process.kill(process.pid, 'SIGTERM'))
    const reload = () => configuration.reload(instance, log)
    onHangup(reload)
    const { current } = configuration
    void watchSecretFiles({
      current,
      readFile: path => readFileSync(path, 'utf8'),
      reload,
      clock: wallClock,
      log
    })
    await runUntilStopped(instance, log)
  }
}

/** Ends the process: with 0 after SIGTERM or SIGINT, with 1 after an error or where the stop takes too long. */
async function runUntilStopped(instance: Instance, log: Logger): Promise<void> {
  const stopped = new Promise<void>(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        log.info({ signal }, 'stopping')
        setTimeout(() => process.exit(1), stopMs).unref()
        resolve(instance.stop())
      })
    }
  })
  try {
    await Promise.race([instance.run(), stopped])
    await stopped
    log.info({}, 'stopped')
    // A connection that KafkaJS was about to make again could keep the process until it is forced to end.
    process.exit(0)
  } catch (error) {
    const fields = { error: messageOf(error) }
    log.error(fields, 'fatal: the pipeline cannot continue')
    const exit = () => {
      log.error(fields, 'fatal: exiting')
      process.exit(1)
    }
    setTimeout(exit, stopMs).unref()
    await instance.stop()
    exit()
  }
}
