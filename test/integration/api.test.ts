import { expect, test } from 'vitest'
import { metricsAnswer } from '../../src/web/api/metrics.ts'
import { type NowAnswer, nowAnswer } from '../../src/web/api/now.ts'
import { receiversAnswer } from '../../src/web/api/receivers.ts'
import { seriesPage } from '../../src/web/api/series.ts'
import { fitting } from '../support/fitting.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { doneUntil, pipelineConfig, useEngine } from '../support/pipeline.ts'
import { type Program, startProgram } from '../support/program.ts'
import { windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'

const urlOf = async (program: Program) => String((await program.logged('operations port'))['address'])

const get = async (url: string, path: string) => (await fetch(`${url}${path}`)).json()

const now = async (url: string): Promise<NowAnswer> => fitting(nowAnswer, await get(url, '/api/now'))

/** What a stream of events has sent so far; `ended` resolves with it. */
async function listen(url: string) {
  const response = await fetch(`${url}/api/events`)
  const heard = { text: '' }
  const ended = (async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) heard.text += chunk
  })()
  return { heard, ended }
}

describeWithKafka('the API of two instances', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('answers the same of the shop from both, and tells of windows as they are stored', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 1 })
    const startMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000
    const stream = { seed: 3, startMs, sizeMs: 1_000, graceMs: 500, partitions: 1 }
    for (const window of [0, 1, 2]) await kafka.produce(topic, windowOfShop(stream, window))
    const config = pipelineConfig({
      pipeline: uniqueName('api'),
      topic,
      brokers: kafka.bootstrap,
      store: engine.section(),
      session: '6s'
    })
    const first = await startProgram(config, { onTestFinished })
    await first.logged('active')
    const second = await startProgram(config, { onTestFinished })
    await second.logged('standby: another instance is active')
    const [active, standby] = [await urlOf(first), await urlOf(second)]
    await doneUntil(kafka, topic, startMs + 2_000)

    const seen = await until('the windows to be shown', async () => {
      const answer = await now(active)
      return answer.as_of === new Date(startMs + 2_000).toISOString() && answer
    })
    expect(seen.pipeline.role).toBe('active')
    const other = await now(standby)
    expect([other.as_of, other.tiles, other.pipeline.role]).toEqual([seen.as_of, seen.tiles, 'standby'])
    const orders = fitting(seriesPage, await get(active, '/api/series?metric=orders&points=5000'))
    const tile = seen.tiles.find(({ name }) => name === 'orders')
    expect(orders.value.at(-1)).toBe(tile?.latest?.value)
    expect(fitting(metricsAnswer, await get(active, '/api/metrics')).last_window).toBe(seen.as_of)
    expect(fitting(receiversAnswer, await get(active, '/api/receivers'))).toBeTruthy()
    expect(await get(standby, '/api/openapi.json')).toMatchObject({ openapi: '3.1.0' })

    const [ofActive, ofStandby] = [await listen(active), await listen(standby)]
    await kafka.produce(topic, windowOfShop(stream, 3))
    await until('the window to be told', async () => ofActive.heard.text.includes('event: window'))
    await until('the standby to say that others see more', async () => {
      first.mustRun()
      return ofStandby.heard.text.includes('event: reset')
    })
    first.signal('SIGTERM')
    expect(await first.ended).toBe(0)
    // A stream that is cut off in the middle of an answer would reject.
    await ofActive.ended
    second.kill()
    await ofStandby.ended.catch(() => {})
  })
})
