import { expect, test } from 'vitest'
import { describeWithKafka, type RawRecord, uniqueName, useKafka } from '../support/kafka.ts'
import { pipelineConfig, useEngine } from '../support/pipeline.ts'
import { type Program, startProgram } from '../support/program.ts'
import { kafkaProxy, offsetCommit, storeProxy } from '../support/proxies.ts'
import { draw } from '../support/shop-stream.ts'
import { seedsOf } from '../support/tries.ts'
import { until } from '../support/until.ts'

const kills = 3

/** Events of now, some of seconds ago and some broken, into partitions of which two are quiet for most of the time. */
function burst(seed: number, turn: number): RawRecord[] {
  const now = Date.now()
  return [0, 0, 0, 1, 2].flatMap((partition, index) => {
    const name = `${seed}-${turn}-${index}`
    if (draw(name, 'quiet') > [1, 0.05, 0.02][partition]!) return []
    const behind = draw(name, 'late') < 0.1 ? 4_000 : Math.floor(draw(name, 'behind') * 450)
    const event = `{"event_type":"page_view","session_id":"${name}","event_time":${now - behind}}`
    return [{ partition, timestamp: now, value: draw(name, 'dead') < 0.05 ? event.slice(1) : event }]
  })
}

describeWithKafka.concurrent('a pipeline whose windows the clock closes', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test.for(seedsOf(1))(
    'counts each record once, however often it is killed, with seed %i',
    async (seed, { onTestFinished }) => {
      const topic = await kafka.createTopic({ partitions: 3 })
      const pipeline = uniqueName('quiet')
      let program: Program | undefined
      let toPass = Number.POSITIVE_INFINITY
      // It is killed before or behind an insert or a commit, whichever comes as the last of those that may pass.
      const pass = (isCounted: boolean): boolean => {
        if (toPass > 0 && isCounted) toPass--
        if (toPass > 0) return false
        program?.kill()
        return true
      }
      const store = await storeProxy(
        engine.endpoint.url,
        (_, sql) => pass(sql.startsWith('INSERT INTO realtime.window_metrics')),
        onTestFinished
      )
      const broker = await kafkaProxy(
        kafka.bootstrap,
        (_, apiKey) => pass(apiKey === offsetCommit),
        onTestFinished
      )
      const config = pipelineConfig({
        pipeline,
        topic,
        brokers: broker.address,
        store: engine.section(`http://${store.address}`),
        session: '6s',
        windows: { idle: '1s' }
      })

      let turn = 0
      for (let kill = 0; kill < kills; kill++) {
        toPass = 5 + Math.floor(draw(seed, kill) * 20)
        program = await startProgram(config, { onTestFinished })
        const running = program
        await until('it to be killed', async () => {
          if (toPass === 0) return true
          running.mustRun()
          await kafka.produce(topic, burst(seed, turn++))
          return false
        })
        await program.ended
      }
      toPass = Number.POSITIVE_INFINITY
      program = await startProgram(config, { onTestFinished })
      const ends = await kafka.endOffsets(topic)
      await until('everything to be done', async () => {
        const commits = await kafka.groupOffsets(topic, topic)
        return [...ends].every(([partition, end]) => commits.get(partition)?.offset === end)
      })
      const [stored] = await engine.rows<{ records: number; late: number }>(
        `SELECT toFloat64(sumIf(records, metric = 'events')) AS records, sumIf(numerator, metric = 'late_rate') AS late
       FROM realtime.window_metrics FINAL WHERE pipeline = '${pipeline}'`
      )
      expect(stored?.records).toBe([...ends.values()].reduce((sum, end) => sum + end, 0))
      expect(stored?.late).toBeGreaterThan(0)
    }
  )
})
