import { createChannels } from '../../src/channel/create.ts'
import { createDelivery } from '../../src/delivery/delivery.ts'
import { byDecision } from '../../src/incident/notification.ts'
import { openStore } from '../../src/store/open.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { createLogger } from '../../src/telemetry/log.ts'
import { deliveryRules, renderOptionsOf } from '../support/alerts.ts'
import { planOf, rateOf, receiversAt } from './plan.ts'

/**
 * The process that is killed. It enqueues the plan if the store is empty, else what is pending there, and ends once nothing
 * waits. Writes the ids of what was stored as sent when it began, then all records.
 */
const [folder = '', count = '', origin = '', slackBotToken = '', pagerdutyKey = ''] = process.argv.slice(2)
const clock = wallClock
/** Longer than any answer takes on a busy machine: a message that seems lost would come twice and out of order. */
const timeoutMs = 10_000
const log = createLogger({ level: 'error', clock, to: 'stderr' })
const store = await openStore({ folder, timeoutMs: 30_000 })
await store.migrate()

const receivers = receiversAt({ origin, slackBotToken, pagerdutyKey })
const channels = createChannels({ receivers, renderOptions: renderOptionsOf(), timeoutMs, clock })
const delivery = createDelivery({
  channels: channels.byName,
  receivers: new Map([...receivers.keys()].map(name => [name, { fallback: null, rate: rateOf(name) }])),
  defaultReceiver: null,
  rules: { ...deliveryRules, breaker: { failures: 5, pauseMs: 5_000 }, retryEveryMs: 5_000 },
  store,
  clock,
  random: Math.random,
  log,
  onOutcome: () => {}
})

const known = await store.notifications('delivery', 0)
if (known.length === 0) {
  const plan = planOf(Number(count), [...receivers.keys()], clock.now())
  delivery.enqueue(plan, store.insertNotifications(plan))
} else {
  const sent = known.filter(({ outcome }) => outcome === 'sent')
  process.stdout.write(`${JSON.stringify(sent.map(({ id }) => id))}\n`)
  delivery.restore(known)
  delivery.enqueue(known.filter(({ outcome }) => outcome === 'pending').sort(byDecision), Promise.resolve())
}
// The timers of the clock do not keep the process running.
const awake = setInterval(() => {}, 1_000)
// No event says that nothing waits any more: a fallback may take up what another receiver gave up.
while (delivery.waiting() > 0) await clock.sleep(50)
await delivery.stop(30_000)
const records = await store.notifications('delivery', 0)
await channels.close()
await store.close()
clearInterval(awake)
process.stdout.write(`${JSON.stringify(records)}\n`)
