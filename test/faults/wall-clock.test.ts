import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { doneUntil, pipelineConfig, recountedUntil, storedUntil, useEngine } from '../support/pipeline.ts'
import { startProgram, temporaryFolder } from '../support/program.ts'
import { steadyStream } from '../support/steady-stream.ts'

const hourMs = 3_600_000
const preload = new URL('../support/skewed-clock.ts', import.meta.url).href
/** Longer than a member may go without a heartbeat. */
const beyondSessionMs = 15_000

const faults: readonly {
  readonly name: string
  readonly fromStart: number
  readonly setTo: number
}[] = [
  { name: 'set back by an hour', fromStart: 0, setTo: -hourMs },
  { name: 'set ahead by three hours', fromStart: 0, setTo: 3 * hourMs },
  { name: 'hours ahead from the start, and then set right', fromStart: 5 * hourMs, setTo: 0 },
  { name: 'hours behind from the start, and then set right', fromStart: -5 * hourMs, setTo: 0 }
]

describeWithKafka.concurrent('a wall clock that is', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test.for(faults)(
    '$name closes each window in its time, as a recount has it, and alarms nobody',
    async ({ fromStart, setTo }, { onTestFinished }) => {
      const topic = await kafka.createTopic({ partitions: 2 })
      const pipeline = uniqueName('clock')
      const clockFile = join(await temporaryFolder(onTestFinished), 'clock')
      await writeFile(clockFile, String(fromStart))
      const stream = await steadyStream({ kafka, topic, partitions: 2, pastMs: 70_000, onTestFinished })
      const config = pipelineConfig({
        pipeline,
        topic,
        brokers: kafka.bootstrap,
        store: engine.section(),
        session: '12s',
        windows: { idle: '10s' },
        more: { detectors: { baseline: { warm_up: '60s' }, pipeline_stalled: { after: '5m' } } }
      })
      const program = await startProgram(config, {
        onTestFinished,
        env: { NODE_OPTIONS: `--import ${preload}`, CARTWATCH_TEST_CLOCK: clockFile }
      })
      await doneUntil(kafka, topic, (await stream.go(2_000)) - 3_000)
      await writeFile(clockFile, String(setTo))
      process.kill(program.pid, 'SIGUSR2')
      await program.logged('the wall clock was set')
      const doneMs = Math.floor((await stream.go(beyondSessionMs)) / 1_000) * 1_000 - 3_000
      await doneUntil(kafka, topic, doneMs)

      expect(await storedUntil(engine.rows, pipeline, doneMs)).toEqual(
        await recountedUntil(kafka, topic, doneMs)
      )
      const [counted] = await engine.rows<{ late: number }>(
        `SELECT sum(numerator) AS late FROM realtime.window_metrics FINAL
         WHERE pipeline = '${pipeline}' AND metric = 'late_rate'`
      )
      expect(counted?.late).toBe(0)
      expect(
        await engine.rows(`SELECT details FROM realtime.anomalies WHERE pipeline = '${pipeline}'`)
      ).toEqual([])
      // It never lost its place in the group.
      expect(program.log.filter(({ msg }) => msg === 'active')).toHaveLength(1)
      expect(program.log.filter(({ msg }) => msg === 'offsets not committed')).toEqual([])
    }
  )
})
