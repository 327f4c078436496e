import { Command } from 'commander'
import { v4 } from 'uuid'
import type { Channel } from '../delivery/notifier.ts'
import type { NotificationRecord } from '../incident/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { minuteMs } from '../time/units.ts'

/** The receivers of a configuration, ready to be sent to. */
interface TestReceivers {
  readonly pipeline: string
  readonly byName: ReadonlyMap<string, Channel>
  close(): Promise<void>
}

export interface TestAlertDeps {
  /** Reads the configuration; undefined if its errors have been printed. */
  readonly load: (configFile: string | undefined) => Promise<TestReceivers | undefined>
  readonly clock: Clock
  /** Lines for standard output and for standard error, without their newline. */
  readonly print: (text: string) => void
  readonly complain: (text: string) => void
  readonly setExitCode: (code: number) => void
}

const examples = `
Examples:
  cartwatch test-alert --receiver slack                    does the webhook accept messages?
  cartwatch test-alert --receiver slack-bot                is the bot in its channel?
  cartwatch test-alert --receiver email                    does the mail server accept the login?
  cartwatch test-alert --receiver pagerduty                opens an incident of severity info there: resolve it by hand

Exit code: 0 if the receiver accepted the message, 1 if it did not.`

export function testAlertCommand(deps: TestAlertDeps): Command {
  return new Command('test-alert')
    .description('send one test message to a receiver and show its answer')
    .requiredOption('--receiver <name>', 'the receiver, as the configuration names it')
    .option('--config <file>', 'the configuration file')
    .addHelpText('after', examples)
    .action(async ({ receiver, config }: { receiver: string; config?: string }) => {
      deps.setExitCode(await testReceiver(receiver, config, deps))
    })
}

async function testReceiver(
  receiver: string,
  configFile: string | undefined,
  { load, clock, print, complain }: TestAlertDeps
): Promise<number> {
  const receivers = await load(configFile)
  if (!receivers) return 1
  try {
    const channel = receivers.byName.get(receiver)
    if (!channel) {
      const names = [...receivers.byName.keys()].join(', ')
      complain(
        `there is no receiver ${receiver}; ${names ? `there are ${names}` : 'there are none (SLACK_WEBHOOK_URL creates one)'}`
      )
      return 1
    }
    const result = await channel.send(testMessage(receivers.pipeline, receiver, clock.now()), null)
    if (result.kind === 'sent') {
      print(`${receiver} accepted the test message: ${result.answer}`)
      return 0
    }
    const failure = result.kind === 'refused' ? 'permanent' : 'temporary'
    complain(`${receiver} did not accept the test message (${failure} failure): ${result.answer}`)
    return 1
  } finally {
    await receivers.close()
  }
}

/** Every one is a message of its own: a page of an earlier test may still be open. */
function testMessage(pipeline: string, receiver: string, nowMs: number): NotificationRecord {
  const id = v4()
  const windowStart = nowMs - (nowMs % minuteMs) - minuteMs
  const anomaly = {
    id,
    pipeline,
    kind: 'revenue_drop',
    metric: 'revenue',
    unit: 'money' as const,
    additive: true,
    segment: 'all',
    severity: 'low' as const,
    windowStart,
    windowEnd: windowStart + minuteMs,
    value: 245,
    expected: 1_850,
    details: 'This is what an alert looks like. Its figures are made up.',
    evidence: {},
    explainedBy: [],
    detectedAt: nowMs,
    configHash: ''
  }
  return {
    id,
    pipeline,
    incidentId: id,
    receiver,
    action: 'trigger',
    kind: anomaly.kind,
    segment: anomaly.segment,
    severity: anomaly.severity,
    dedupKey: null,
    anomalies: [anomaly],
    reason: { type: 'test' },
    decidedAt: nowMs,
    outcome: 'pending',
    attempts: 0,
    answer: '',
    updatedAt: nowMs,
    incident: null,
    recent: [],
    inhibits: [],
    messageRef: null,
    requestId: null,
    latencyMs: null
  }
}
