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

  cartwatch test-alert --all                               all of them

Exit code: 0 if every receiver accepted its message, 1 if one did not.`

export function testAlertCommand(deps: TestAlertDeps) {
  return new Command('test-alert')
    .description('send a test message to a receiver, or to all, and show the answers')
    .option('--receiver <name>', 'the receiver, as the configuration names it')
    .option('--all', 'every receiver of the configuration, one after another')
    .option('--config <file>', 'the configuration file')
    .addHelpText('after', examples)
    .action(async ({ receiver, all, config }) => {
      if ((receiver === undefined) === (all !== true)) {
        deps.complain('give either --receiver NAME or --all')
        deps.setExitCode(1)
        return
      }
      deps.setExitCode(await testReceivers(receiver, config, deps))
    })
}

/** All receivers where none is named. */
async function testReceivers(
  wanted: string | undefined,
  configFile: string | undefined,
  deps: TestAlertDeps
): Promise<number> {
  const { load, complain } = deps
  const receivers = await load(configFile)
  if (!receivers) return 1
  try {
    const names = [...receivers.byName.keys()]
    const chosen = wanted === undefined ? names : names.filter(name => name === wanted)
    if (chosen.length === 0) {
      complain(
        `there is no receiver${wanted === undefined ? '' : ` ${wanted}`}; ${names.length > 0 ? `there are ${names.join(', ')}` : 'there are none (SLACK_WEBHOOK_URL creates one)'}`
      )
      return 1
    }
    let exitCode = 0
    for (const name of chosen) if (!(await isAccepted(name, receivers, deps))) exitCode = 1
    return exitCode
  } finally {
    await receivers.close()
  }
}

async function isAccepted(
  receiver: string,
  { byName, pipeline }: TestReceivers,
  { clock, print, complain }: TestAlertDeps
): Promise<boolean> {
  const result = await byName.get(receiver)?.send(testMessage(pipeline, receiver, clock.now()), null)
  if (result === undefined) return false
  if (result.kind === 'sent') {
    print(`${receiver} accepted the test message: ${result.answer}`)
    return true
  }
  const failure = result.kind === 'refused' ? 'permanent' : 'temporary'
  complain(`${receiver} did not accept the test message (${failure} failure): ${result.answer}`)
  return false
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
