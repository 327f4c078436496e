import { useSignal } from '@preact/signals'
import { Link } from 'wouter-preact'
import type { DeliveriesAnswer } from '../../src/web/api/deliveries.ts'
import type { ReceiversAnswer, TestSentAnswer } from '../../src/web/api/receivers.ts'
import { ask, mayOperate, messageOf } from '../api/client.ts'
import { deliveryChanges } from '../api/live.ts'
import { useResource } from '../api/resource.ts'
import { answerText } from '../format/answer.ts'
import { durationText, momentText, timeText } from '../format/time.ts'
import { segmentText, words } from '../format/words.ts'
import { anyOf, Choice } from '../parts/choice.tsx'
import { Empty, Loaded } from '../parts/notes.tsx'
import { Severity } from '../parts/severity.tsx'
import { Wide } from '../parts/wide.tsx'
import { useTitle } from '../title.ts'

const outcomes = ['pending', 'sent', 'refused', 'expired', 'muted', 'off'] as const

/** Who gets messages, and what became of each. */
export function Receivers() {
  useTitle('Deliveries')
  const receivers = useResource<ReceiversAnswer>('/api/receivers', deliveryChanges)
  const outcome = useSignal('')
  const query = outcome.value === '' ? '' : `?outcome=${outcome.value}`
  const deliveries = useResource<DeliveriesAnswer>(`/api/deliveries${query}`, deliveryChanges)
  return (
    <>
      <h1>Deliveries</h1>
      <section aria-labelledby="receivers">
        <h2 id="receivers">Receivers</h2>
        <Loaded resource={receivers} what="the receivers">
          {answer => <ReceiverTable answer={answer} />}
        </Loaded>
      </section>
      <section aria-labelledby="messages">
        <h2 id="messages">Messages</h2>
        <form class="choices">
          <Choice label="Outcome" chosen={outcome} from={anyOf(outcomes)} />
        </form>
        <Loaded resource={deliveries} what="the messages">
          {answer => <DeliveryTable answer={answer} />}
        </Loaded>
      </section>
    </>
  )
}

function ReceiverTable({ answer }: { readonly answer: ReceiversAnswer }) {
  const { alerts, receivers } = answer
  if (receivers.length === 0)
    return (
      <Empty command="npx cartwatch check-config">
        No receiver is configured: set SLACK_WEBHOOK_URL, or name receivers in cartwatch.yaml, then
      </Empty>
    )
  return (
    <>
      {alerts === 'off' && (
        <p class="problem">alerts: off is set. Everything is decided and stored, nothing is sent.</p>
      )}
      <Wide label="Table of receivers">
        <table>
          <thead>
            <tr>
              <th scope="col">Receiver</th>
              <th scope="col">Type</th>
              <th scope="col">Waiting</th>
              <th scope="col">Last message</th>
              <th scope="col">Test</th>
            </tr>
          </thead>
          <tbody>
            {receivers.map(({ name, type, live }) => (
              <tr key={name}>
                <td>{name}</td>
                <td>{words(type)}</td>
                <td>{waitingText(live)}</td>
                <td>{lastText(live)}</td>
                <td>
                  <SendTest receiver={name} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  )
}

/** Sends a test message; who may only look sees the command that does. */
function SendTest({ receiver }: { readonly receiver: string }) {
  const result = useSignal<string | null>(null)
  if (!mayOperate()) return <code>npx cartwatch test-alert --receiver {receiver}</code>
  async function send(): Promise<void> {
    result.value = 'sending …'
    try {
      const path = `/api/receivers/${encodeURIComponent(receiver)}/test`
      const { accepted, answer } = await ask<TestSentAnswer>(path, { method: 'POST' })
      result.value = `${accepted ? 'accepted' : 'not accepted'}: ${answerText(answer)}`
    } catch (error) {
      result.value = messageOf(error)
    }
  }
  return (
    <>
      <button type="button" aria-label={`Send a test to ${receiver}`} onClick={() => void send()}>
        Send a test
      </button>{' '}
      <span role="status">{result.value}</span>
    </>
  )
}

type Live = ReceiversAnswer['receivers'][number]['live']

function waitingText(live: Live): string {
  if (live === null) return 'the active instance knows'
  const paused = live.breaker === 'open' ? ', paused after failures' : ''
  const next = live.next_at === null ? '' : `, the next at ${timeText(Date.parse(live.next_at))}`
  return `${live.waiting}${next}${paused}`
}

const lastText = (live: Live): string =>
  live?.last
    ? `${live.last.outcome}${live.last.answer === '' ? '' : `: ${answerText(live.last.answer)}`}`
    : 'none yet'

const said = {
  trigger: 'alert',
  acknowledge: 'acknowledged',
  resolve: 'over',
  summary: 'summary'
} as const

function DeliveryTable({ answer }: { readonly answer: DeliveriesAnswer }) {
  if (answer.deliveries.length === 0)
    return (
      <Empty command="npx cartwatch explain">
        No message like this was decided. Why an incident was, or was not, notified:
      </Empty>
    )
  return (
    <Wide label="Table of messages">
      <table>
        <thead>
          <tr>
            <th scope="col">Decided</th>
            <th scope="col">Receiver</th>
            <th scope="col">Message</th>
            <th scope="col">Outcome</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {answer.deliveries.map(one => (
            <tr key={one.id}>
              <td>{momentText(Date.parse(one.decided_at))}</td>
              <td>{one.receiver}</td>
              <td>
                <Severity of={one.severity} />{' '}
                <Link href={`/incidents/${one.incident_id}`}>
                  {words(one.kind)}, {segmentText(one.segment)}
                </Link>{' '}
                ({said[one.action]})
              </td>
              <td>{outcomeText(one)}</td>
              <td>{one.reason_text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

type Delivery = DeliveriesAnswer['deliveries'][number]

function outcomeText({ outcome, attempts, answer, latency_ms: latencyMs }: Delivery): string {
  const tries = attempts > 1 ? ` at the ${attempts}. try` : ''
  if (outcome === 'sent') return `sent${tries}${latencyMs === null ? '' : ` in ${durationText(latencyMs)}`}`
  return answer === '' ? `${outcome}${tries}` : `${outcome}${tries}: ${answerText(answer)}`
}
