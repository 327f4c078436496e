import { describe, expect, test } from 'vitest'
import { decodeMetadata } from '../../src/source/commit-metadata.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { type KillPoint, killedPipeline } from '../support/killed-pipeline.ts'
import { logsOf, storedWindows, useEngine } from '../support/pipeline.ts'
import { placementsOf, recount } from '../support/recount.ts'
import { seedsOf } from '../support/tries.ts'

const points: readonly KillPoint[] = [
  'in mid-window',
  'before an insert',
  'between insert and commit',
  'after a commit'
]

describeWithKafka('an instance that is killed', () => {
  const kafka = useKafka()
  const engine = useEngine()

  describe.concurrent.each(points)('%s', point => {
    test.concurrent.for(seedsOf(1))(
      'is followed by one that continues as if it had not been, with seed %i',
      async (seed, { onTestFinished }) => {
        const killed = await killedPipeline({
          kafka,
          engine,
          seed,
          point,
          pipeline: uniqueName('kill'),
          onTestFinished
        })
        const { topic, options, pipeline, windows } = killed
        const first = await killed.warmUp()
        await killed.produceUntilKilled()

        const commits = await killed.committed()
        const stored = await storedWindows(engine.rows, pipeline)
        const lastStored = Math.max(...stored.keys()) + options.sizeMs
        const sealed = [...commits].map(
          ([, { offset, metadata }]) => decodeMetadata(offset, metadata).closedUntil
        )
        expect(new Set(sealed)).toEqual(
          new Set([point === 'between insert and commit' ? lastStored - options.sizeMs : lastStored])
        )
        const log = await logsOf(kafka, topic)
        for (const [partition, { offset }] of commits) {
          expect(offset).toBeGreaterThan(first.get(partition)?.offset ?? Number.POSITIVE_INFINITY)
          const undone = placementsOf(log.get(`${topic}/${partition}`) ?? [], killed.recountOptions)
            .filter(({ windowStart }) => windowStart >= (sealed[0] as number))
            .map(placement => placement.offset)
          expect(offset).toBe(Math.min(...undone))
        }

        await killed.goOn()
        const counted = recount(await logsOf(kafka, topic), killed.recountOptions)
        const all = await storedWindows(engine.rows, pipeline)
        for (let index = 0; index < windows; index++) {
          const start = options.startMs + index * options.sizeMs
          expect(all.get(start)).toEqual(counted.get(start))
        }
        const dead = [...(await logsOf(kafka, topic))].flatMap(([partition, log]) =>
          placementsOf(log, killed.recountOptions)
            .filter(({ kind }) => kind === 'dead')
            .map(({ offset }) => `${partition}/${offset}`)
        )
        const kept = await kafka.readToEnd(`${topic}.dlq`)
        const names = kept.map(({ headers: { partition, offset } }) => `${topic}/${partition}/${offset}`)
        expect(new Set(names)).toEqual(new Set(dead))
        const anomalies = await engine.rows<{ anomaly_type: string; segment: string; window_end: string }>(
          `SELECT anomaly_type, segment, window_end FROM realtime.anomalies WHERE pipeline = '${pipeline}'`
        )
        expect(anomalies.map(({ anomaly_type }) => anomaly_type)).toContain('checkout_failure')
        expect(new Set(anomalies.map(one => JSON.stringify(one))).size).toBe(anomalies.length)
        const pages = killed.inbox.pages()
        expect(pages.length).toBeGreaterThan(0)
        expect(pages.map(({ opened }) => opened)).toEqual(pages.map(() => 1))
      }
    )
  })
})
