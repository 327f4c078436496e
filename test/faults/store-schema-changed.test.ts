import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import {
  doneUntil,
  pipelineConfig,
  recountedUntil,
  rowsOf,
  storedUntil,
  useEngine
} from '../support/pipeline.ts'
import { type OnTestFinished, startProgram } from '../support/program.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from '../support/shop-stream.ts'

const sizeMs = 1_000
const newer = (database: string) =>
  `INSERT INTO ${database}.schema_versions (version, name) VALUES (900, '900_later')`

describeWithKafka('a database', () => {
  const kafka = useKafka()
  const engine = useEngine()

  /** A program on a database of its own. */
  async function lineOn(database: string, onTestFinished: OnTestFinished) {
    const topic = await kafka.createTopic()
    const { url, user, password } = engine.endpoint
    const store = await openStore({ url, user, password, database, folder: '', timeoutMs: 60_000 })
    onTestFinished(store.close)
    await store.migrate()
    const stream: StreamOptions = {
      seed: 4,
      startMs: Math.floor(Date.now() / sizeMs) * sizeMs - 300_000,
      sizeMs,
      graceMs: 500,
      partitions: 1
    }
    const config = pipelineConfig({
      pipeline: uniqueName(database),
      topic,
      brokers: kafka.bootstrap,
      store: { ...engine.section(), database }
    })
    const endOf = (window: number) => stream.startMs + window * sizeMs
    const rows = <Row>(sql: string) => rowsOf<Row>(store, sql.replaceAll('realtime.', `${database}.`))
    return {
      ask: (sql: string) => rowsOf(store, sql),
      start: () => startProgram(config, { onTestFinished }),
      async produce(from: number, to: number) {
        const windows = Array.from({ length: to - from }, (_, index) => windowOfShop(stream, from + index))
        await kafka.produce(topic, [...windows.flat(), ...flushOfShop(stream, to)])
        await doneUntil(kafka, topic, endOf(to))
      },
      /** What is stored, and what ought to be, of the windows from one on. */
      async windowsFrom(first: number, to: number) {
        const since = (windows: ReadonlyMap<number, unknown>) =>
          new Map([...windows].filter(([start]) => start >= endOf(first)))
        return {
          stored: since(await storedUntil(rows, config.pipeline, endOf(to))),
          counted: since(await recountedUntil(kafka, topic, endOf(to)))
        }
      }
    }
  }

  describe.concurrent('that changes under a program', () => {
    test('is refused at a start where its schema is newer, with the reason and exit code 1', async ({
      onTestFinished
    }) => {
      const line = await lineOn('newer_at_start', onTestFinished)
      await line.ask(newer('newer_at_start'))
      const program = await line.start()
      expect(await program.ended).toBe(1)
      expect((await program.logged('fatal: the pipeline cannot continue'))['error']).toMatch(
        /^The database newer_at_start has schema version 900, this version knows \d+: run the newer version that migrated it$/
      )
    })

    test('is written on by one that runs where its schema becomes newer', async ({ onTestFinished }) => {
      const line = await lineOn('newer_while_running', onTestFinished)
      const program = await line.start()
      await line.produce(0, 10)
      await line.ask(newer('newer_while_running'))
      await line.produce(10, 20)
      program.mustRun()
      const { stored, counted } = await line.windowsFrom(0, 20)
      expect(stored).toEqual(counted)
    })

    test('is made anew where it is dropped, wholly or in part, and takes what waits', async ({
      onTestFinished
    }) => {
      const line = await lineOn('dropped', onTestFinished)
      const program = await line.start()
      await line.produce(0, 10)
      await line.ask('DROP DATABASE dropped')
      await line.produce(10, 20)
      await line.ask('DROP TABLE dropped.window_metrics')
      await line.produce(20, 30)
      const made = program.log.filter(({ msg }) => msg?.includes('tables were missing in the store'))
      expect(made).toHaveLength(2)
      const { stored, counted } = await line.windowsFrom(20, 30)
      expect(stored).toEqual(counted)
      expect(counted.size).toBe(10)
    })
  })
})
