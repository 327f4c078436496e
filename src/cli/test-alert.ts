import { Command } from '@commander-js/extra-typings'
import { v4 } from 'uuid'
import { exampleNotification } from '../channel/check/examples.ts'
import type { Channel } from '../delivery/channel.ts'
import type { NotificationRecord } from '../incident/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { minuteMs } from '../time/units.ts'
import type { Terminal } from './terminal.ts'

/** The receivers of a configuration, ready to be sent to. */
interface TestReceivers {
  readonly pipeline: string
  readonly byName: ReadonlyMap<string, Channel>
  close(): Promise<void>
}

export interface TestAlertDeps extends Omit<Terminal, 'columns'> {
  /** Reads the configuration; undefined if its errors have been printed. */
  readonly load: (configFile: string | undefined) => Promise<TestReceivers | undefined>
  readonly clock: Clock
}

const examples = `
Examples:
  cartwatch test-alert --receiver slack                    does the webhook accept messages?
  cartwatch test-alert --receiver slack-bot                is the bot in its channel?
  cartwatch test-alert --receiver email                    does the mail server accept the login?
  cartwatch test-alert --receiver pagerduty                opens an incident of severity info there: resolve it by hand

Exit code: 0 if the receiver accepted the message, 1 if it did not.`

export function testAlertCommand(deps: TestAlertDeps) {
  return new Command('test-alert')
    .description('send one test message to a receiver and show its answer')
    .requiredOption('--receiver <name>', 'the receiver, as the configuration names it')
    .option('--config <file>', 'the configuration file')
    .addHelpText('after', examples)
    .action(async ({ receiver, config }) => {
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
  const example = exampleNotification({
    kind: 'revenue_drop',
    action: 'trigger',
    severity: 'low',
    content: 'ordinary',
    reason: { type: 'test' }
  })
  const own = { id: v4(), pipeline, segment: 'all' as const }
  const windowStart = nowMs - (nowMs % minuteMs) - minuteMs
  const found = {
    windowStart,
    windowEnd: windowStart + minuteMs,
    detectedAt: nowMs,
    details: 'This is what an alert looks like. Its figures are made up.',
    evidence: {},
    explainedBy: []
  }
  return {
    ...example,
    ...own,
    incidentId: own.id,
    receiver,
    dedupKey: null,
    decidedAt: nowMs,
    updatedAt: nowMs,
    anomalies: example.anomalies.map(anomaly => ({ ...anomaly, ...own, ...found })),
    incident: null,
    recent: [],
    inhibits: []
  }
}
