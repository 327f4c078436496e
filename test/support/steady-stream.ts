import type { TestKafka } from './kafka-client.ts'
import type { OnTestFinished } from './program.ts'
import { until } from './until.ts'

const everyMs = 50
const turnMs = 200

export interface StreamedEvent {
  readonly partition: number
  readonly eventTime: number
  /** The record's own timestamp; the event's time where it is not given. */
  readonly recordTime?: number
}

export interface SteadyStream {
  /** What is made of each event from now on; as it is unless said. */
  through(change: (event: StreamedEvent) => readonly StreamedEvent[]): void
  /** Resolves once it has produced so much time from now on; rejects with the failure of producing. */
  go(ms: number): Promise<number>
}

/**
 * Page views as time passes, from `fromMs` before now on: one every 50 ms, in each partition by turns. What was missed is
 * made up for, so that the stream itself is steady however busy the machine is.
 */
export async function steadyStream(options: {
  readonly kafka: TestKafka
  readonly topic: string
  readonly partitions: number
  readonly pastMs: number
  readonly onTestFinished: OnTestFinished
}): Promise<SteadyStream> {
  const { kafka, topic, partitions, pastMs, onTestFinished } = options
  const producer = kafka.client().producer()
  await producer.connect()
  let change = (event: StreamedEvent): readonly StreamedEvent[] => [event]
  let next = Math.floor((Date.now() - pastMs) / everyMs)
  let failure: unknown
  let producing: Promise<void> = Promise.resolve()

  async function produce(): Promise<void> {
    const events: StreamedEvent[] = []
    for (const end = Math.floor(Date.now() / everyMs); next < end; next++)
      events.push(...change({ partition: next % partitions, eventTime: next * everyMs }))
    if (events.length === 0) return
    await producer.send({
      topic,
      messages: events.map(({ partition, eventTime, recordTime = eventTime }) => ({
        partition,
        timestamp: String(recordTime),
        value: `{"event_type":"page_view","event_time":${eventTime}}`
      }))
    })
  }

  await produce()
  const timer = setInterval(() => {
    producing = producing.then(produce).catch(error => {
      failure ??= error
    })
  }, turnMs)
  onTestFinished(async () => {
    clearInterval(timer)
    await producing
    await producer.disconnect()
  })

  return {
    through(next) {
      change = next
    },
    async go(ms) {
      const end = Date.now() + ms
      await until(
        'the stream to go on',
        () => {
          if (failure !== undefined) throw failure
          return next * everyMs >= end || undefined
        },
        ms + 60_000
      )
      return end
    }
  }
}
