import { fetchOutbound } from '../../net/outbound.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { Logger } from '../../telemetry/types.ts'

const slackOwn = ['https://hooks.slack.com', 'https://hooks.slack-gov.com']
const timeoutMs = 5_000

/** Answers a click. Never rejects: what fails is logged, and the person sees the message as it was. */
export function slackAnswers(ownOrigins: ReadonlySet<string>, log: Logger) {
  const origins = new Set([...slackOwn, ...ownOrigins])
  return async function answerClick(responseUrl: string | undefined, answer: object): Promise<void> {
    const origin = URL.parse(responseUrl ?? '')?.origin
    if (responseUrl === undefined || origin === undefined || !origins.has(origin)) {
      log.warn({ origin }, 'a click in Slack names no response_url of Slack: it is not answered')
      return
    }
    try {
      const response = await fetchOutbound(responseUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(answer),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs)
      })
      if (!response.ok) log.warn({ status: response.status }, 'the answer to a click in Slack was refused')
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'the answer to a click in Slack did not arrive')
    }
  }
}
