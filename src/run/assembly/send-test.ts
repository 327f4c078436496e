import type { Config } from '../../config/schema.ts'
import { type ChannelOptions, channelsOf } from './channels.ts'
import { maskOf } from './mask.ts'

/** Sends a receiver a test message, past its queue; undefined where there is no such receiver. */
export const testSender = (current: () => Config, options: ChannelOptions) =>
  async function sendTest(receiver: string): Promise<{ accepted: boolean; answer: string } | undefined> {
    const { createTestMessages } = await import('../../channel/check/test-message.ts')
    const config = current()
    const { byName, close } = channelsOf(config, options)
    const { pipeline } = config
    const test = {
      kind: 'revenue_drop',
      severity: 'low',
      pipeline,
      receiver,
      nowMs: options.clock.now()
    } as const
    try {
      const result = await byName.get(receiver)?.send(createTestMessages(test)('opened'), null)
      return result && { accepted: result.kind === 'sent', answer: maskOf(config)(result.answer) }
    } finally {
      await close()
    }
  }
