import { openInbox } from '../../src/demo/inbox/inbox.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { type PipelineConfig, pipelineConfig, type TestEngine } from './pipeline.ts'
import { type OnTestFinished, type Program, startProgram } from './program.ts'
import { until } from './until.ts'

/** Windows that are learnt from before anything is judged. */
export const warmUpWindows = 70
/** A stall that lasts so long is notified. */
export const stalledAfterMs = 10_000

/** A program on a Kafka that is about to fail, and what it tells meanwhile. */
export interface WatchedPipeline {
  readonly program: Program
  /** The texts of the messages of a stall, in order, each as far as its first sentence. */
  stalls(): string[]
  /** Resolves with the first sentence of the first one that holds the text. */
  stalled(text: string): Promise<string>
  /** The kinds of all that was found, each once. */
  found(): Promise<string[]>
  /** What /readyz says of Kafka, and its status. */
  ready(): Promise<{ status: number; kafka: { status: string; detail?: string; reason?: string } }>
}

/** Starts it; a shop's silence or drop is found after `warmUpWindows`. */
export async function watchedPipeline(
  options: Omit<PipelineConfig, 'store' | 'more'> & { engine: TestEngine; onTestFinished: OnTestFinished }
): Promise<WatchedPipeline> {
  const { engine, onTestFinished, pipeline } = options
  const inbox = await openInbox({ clock: wallClock, rate: null })
  onTestFinished(inbox.close)
  const config = pipelineConfig({
    ...options,
    store: engine.section(),
    more: {
      detectors: {
        baseline: { warm_up: '60s' },
        data_loss: { min_expected: 5 },
        pipeline_stalled: { after: `${stalledAfterMs}ms`, raise_after: {} }
      },
      receivers: { slack: { type: 'slack', webhook_url: inbox.slackUrl('slack') } },
      routes: [{ default: 'slack' }]
    }
  })
  const program = await startProgram(config, { onTestFinished })

  function stalls(): string[] {
    return program.log.flatMap(({ kind, msg = '', level }) =>
      kind === 'pipeline_stalled' && level === 'warn' ? [msg.split('. ')[0] as string] : []
    )
  }
  return {
    program,
    stalls,
    stalled: text =>
      until(`a message "${text}"`, () => stalls().find(stall => stall.includes(text))).catch(cause => {
        throw new Error(`${cause.message}:\n${program.written()}`)
      }),
    async found() {
      const rows = await engine.rows<{ anomaly_type: string }>(
        `SELECT DISTINCT anomaly_type FROM realtime.anomalies WHERE pipeline = '${pipeline}' ORDER BY 1`
      )
      return rows.map(({ anomaly_type }) => anomaly_type)
    },
    async ready() {
      const { status, text } = await program.get('/readyz')
      return { status, kafka: JSON.parse(text).components.kafka }
    }
  }
}
