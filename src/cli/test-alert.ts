import { Command, Option } from '@commander-js/extra-typings'
import { kinds } from '../../detectors/catalogue.ts'
import { type Severity, severities } from '../../detectors/types.ts'
import { createTestMessages, type TestStyle, testStyles } from '../channel/check/test-message.ts'
import type { Channel } from '../delivery/channel.ts'
import type { ReceiverGroup } from '../routing/group.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { CommandAudit } from './command-audit.ts'
import { overview } from './overview.ts'
import type { Terminal } from './terminal.ts'

/** The receivers of a configuration, ready to be sent to. */
interface TestReceivers {
  readonly pipeline: string
  readonly byName: ReadonlyMap<string, Channel>
  readonly groups: ReadonlyMap<string, ReceiverGroup>
  close(): Promise<void>
}

export interface TestAlertDeps extends Omit<Terminal, 'columns'> {
  /** Reads the configuration; undefined if its errors have been printed. */
  readonly load: (configFile: string | undefined) => Promise<TestReceivers | undefined>
  readonly audit: CommandAudit['inConfigured']
  readonly clock: Clock
}

const examples = `
Examples:
  cartwatch test-alert --receiver slack                    does the webhook accept messages?
  cartwatch test-alert --receiver slack-bot                is the bot in its channel?
  cartwatch test-alert --receiver email                    does the mail server accept the login?
  cartwatch test-alert --receiver pagerduty                opens an incident of severity info there: resolve it by hand
  cartwatch test-alert --receiver pagerduty --style resolved     opens one, and resolves it
  cartwatch test-alert --receiver slack --kind data_loss --severity critical

  cartwatch test-alert --all                               all of them

Exit code: 0 if every receiver accepted its message, 1 if one did not.`

interface Wanted {
  readonly kind: string
  readonly severity: Severity
  readonly style: TestStyle
}

export function testAlertCommand(deps: TestAlertDeps) {
  return new Command('test-alert')
    .description(overview['test-alert'].summary)
    .option('--receiver <name>', 'the receiver, or a group of them, as the configuration names it')
    .option('--all', 'every receiver of the configuration, one after another')
    .addOption(
      new Option('--kind <kind>', 'what it says was found')
        .choices(kinds.map(({ kind }) => kind))
        .default('revenue_drop')
    )
    .addOption(
      new Option('--severity <severity>', 'how bad it is').choices(severities).default('low' as const)
    )
    .addOption(
      new Option('--style <style>', 'which message of an incident')
        .choices(testStyles)
        .default('opened' as const)
    )
    .option('--config <file>', 'the configuration file')
    .addHelpText('after', examples)
    .action(async ({ receiver, all, config, ...wanted }) => {
      if ((receiver === undefined) === (all !== true)) {
        deps.complain('give either --receiver NAME or --all')
        deps.setExitCode(1)
        return
      }
      deps.setExitCode(await testReceivers(receiver, config, wanted, deps))
    })
}

/** All receivers where none is named. */
async function testReceivers(
  receiver: string | undefined,
  configFile: string | undefined,
  wanted: Wanted,
  deps: TestAlertDeps
): Promise<number> {
  const { load, complain } = deps
  const receivers = await load(configFile)
  if (!receivers) return 1
  try {
    const { byName, groups } = receivers
    const names = [...byName.keys()]
    const members = groups.get(receiver ?? '')?.members.map(member => member.receiver)
    const chosen = receiver === undefined ? names : (members ?? names.filter(name => name === receiver))
    if (chosen.length === 0) {
      const known = [...names, ...groups.keys()]
      complain(
        `there is no receiver${receiver === undefined ? '' : ` ${receiver}`}; ${known.length > 0 ? `there are ${known.join(', ')}` : 'there are none (SLACK_WEBHOOK_URL creates one)'}`
      )
      return 1
    }
    const accepted: string[] = []
    for (const name of chosen) if (await isAccepted(name, wanted, receivers, deps)) accepted.push(name)
    const subject = chosen.join(', ')
    await deps.audit(configFile, { action: 'test_sent', subject, details: { ...wanted, accepted } })
    return accepted.length === chosen.length ? 0 : 1
  } finally {
    await receivers.close()
  }
}

async function isAccepted(
  receiver: string,
  wanted: Wanted,
  { byName, pipeline }: TestReceivers,
  { clock, print, complain }: TestAlertDeps
): Promise<boolean> {
  const channel = byName.get(receiver)
  if (channel === undefined) return false
  if (channel.type === 'pagerduty' && wanted.style === 'reminder') {
    print(`${receiver} gets no reminders: PagerDuty escalates by itself`)
    return true
  }
  const messageOf = createTestMessages({ ...wanted, pipeline, receiver, nowMs: clock.now() })
  let earlier: string | null = null
  for (const style of stepsOf(channel, wanted.style)) {
    const result = await channel.send(messageOf(style), earlier)
    const named = style === 'opened' ? 'the test message' : `the test message (${style})`
    if (result.kind !== 'sent') {
      const failure = result.kind === 'refused' ? 'permanent' : 'temporary'
      complain(`${receiver} did not accept ${named} (${failure} failure): ${result.answer}`)
      return false
    }
    print(`${receiver} accepted ${named}: ${result.answer}`)
    earlier = result.messageRef ?? null
  }
  return true
}

/** A bot edits the message that opened an incident, and PagerDuty knows no other end than that of a page. */
function stepsOf({ type }: Channel, style: TestStyle): readonly TestStyle[] {
  const buildsOn = type === 'pagerduty' || type === 'slack_bot' || type === 'email'
  return style === 'opened' || !buildsOn ? [style] : ['opened', style]
}
