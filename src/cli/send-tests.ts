import { createTestMessages } from '../channel/check/test-message.ts'
import type { Channels } from '../channel/create.ts'
import type { Config } from '../config/schema.ts'
import type { ReceiverSettings } from '../routing/receiver.ts'
import type { ConnectionCheck } from '../run/assembly/checks/connections.ts'
import { maskOf } from '../run/assembly/mask.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { CommandAudit } from './command-audit.ts'

interface SendTestsParts {
  readonly channels: Channels
  readonly audit: CommandAudit['inConfigured']
  /** The file that the configuration was read from. */
  readonly file: string | undefined
  readonly clock: Pick<Clock, 'now'>
}

/** Those that can be asked by nothing but a message, which harms nobody there: a page would wake somebody. */
const isWebhook = ({ type }: ReceiverSettings): boolean =>
  type === 'slack' || type === 'teams' || type === 'webhook'

/** Sends a test message through each webhook, all at once; each waits for as long as any message does. */
export async function sendTests(
  config: Config,
  { channels: { byName, close }, audit, file, clock }: SendTestsParts
): Promise<readonly ConnectionCheck[]> {
  const { receivers, pipeline } = config
  const mask = maskOf(config)
  const test = { kind: 'revenue_drop', severity: 'low', pipeline, nowMs: clock.now() } as const
  const names = [...receivers].flatMap(([name, settings]) => (isWebhook(settings) ? name : []))
  try {
    const sent = await Promise.all(
      names.map(async receiver => {
        const message = createTestMessages({ ...test, receiver })('opened')
        const result = await byName.get(receiver)?.send(message, null)
        return {
          receiver,
          isReached: result?.kind === 'sent',
          answer: mask(result?.answer ?? 'no such receiver')
        }
      })
    )
    const accepted = sent.flatMap(({ receiver, isReached }) => (isReached ? receiver : []))
    await audit(file, { action: 'test_sent', subject: names.join(', '), details: { accepted } })
    return sent.map(({ receiver, isReached, answer }) => ({
      path: `receivers.${receiver}`,
      isReached,
      answer: isReached ? `accepted a test message: ${answer}` : answer
    }))
  } finally {
    await close()
  }
}
