import type { EmailSettings } from '../../routing/receiver.ts'
import { maskAnswer } from '../mask.ts'
import { faultIn, secretsOf, transporterOf } from './email.ts'

/** Greets the mail server and logs in; sends no mail. Rejects with what it answered. */
export async function probeMailServer(settings: EmailSettings, timeoutMs: number): Promise<string> {
  const transport = await transporterOf(settings, timeoutMs)
  try {
    await transport.verify()
    return settings.user === null ? 'the mail server answers' : 'the mail server accepts the login'
  } catch (error) {
    throw new Error(maskAnswer(faultIn(error).answer, secretsOf(settings)), { cause: error })
  } finally {
    transport.close()
  }
}
