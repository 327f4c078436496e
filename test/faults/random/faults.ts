import type { Broker } from '../../../src/demo/broker/broker.ts'
import type { Behaviour, Inbox } from '../../../src/demo/inbox/inbox.ts'
import type { KafkaProxy } from '../../support/proxies.ts'
import { offsetCommit } from '../../support/proxies.ts'
import type { StoreGate, StoreMood } from '../../support/store-gate.ts'
import type { Instances } from './instances.ts'

/** What faults are done to. */
export interface Scene {
  readonly instances: Instances
  readonly broker: Broker
  readonly proxy: KafkaProxy
  readonly gate: StoreGate
  readonly inbox: Inbox
  /** Resolves true as soon as something passes that fits, with what is done to it; false after `withinMs`. */
  onPassing(fits: Passing, strike: () => void, withinMs: number): Promise<boolean>
  /** Of real time. */
  wait(ms: number): Promise<unknown>
}

/** A moment between two processes at which to strike. */
export type Passing =
  | { readonly at: 'store'; readonly passing: 'statement' | 'answer'; readonly table: string }
  | { readonly at: 'broker'; readonly passing: 'request' | 'answer'; readonly apiKey: number }
  | { readonly at: 'inbox' }

/** A fault of one kind: does its worst and mends it. Draws are in [0, 1). */
export type Fault = (scene: Scene, draw: (what: string) => number) => Promise<void>

/** Longer than a session: the group has given the work to another by then. */
const beyondSessionMs = 8_000
const momentMs = 10_000

const between = (from: number, to: number, at: number) => from + Math.floor((to - from) * at)

async function killWorking({ instances }: Scene): Promise<void> {
  await instances.kill(await instances.reading())
  await instances.fill()
}

/** Kills the working instance when something passes; where nothing does in time, at once. */
const killedAt =
  (moment: Passing): Fault =>
  async ({ instances, onPassing }) => {
    const working = await instances.reading()
    const kill = () => working.kill()
    if (!(await onPassing(moment, kill, momentMs))) kill()
    await instances.kill(working)
    await instances.fill()
  }

const storeIs =
  (mood: StoreMood, fromMs: number, toMs: number): Fault =>
  async ({ gate, wait }, draw) => {
    gate.mood(mood)
    await wait(between(fromMs, toMs, draw('long')))
    gate.mood({ kind: 'well' })
  }

const receiverIs =
  (behaviour: Behaviour): Fault =>
  async ({ inbox, wait }, draw) => {
    for (const to of ['slack', 'pagerduty']) inbox.behave(to, behaviour)
    await wait(between(2_000, 8_000, draw('long')))
    for (const to of ['slack', 'pagerduty']) inbox.behave(to, 'real')
  }

const refused = (code: number, name: string, text: string, status = 500): StoreMood => ({
  kind: 'refuses',
  status,
  text: `Code: ${code}. DB::Exception: ${text}. (${name}) (version 26.8.1.1 (official build))\n`
})

/** Every kind of fault, by name. */
export const faults: Readonly<Record<string, Fault>> = {
  'instance killed': killWorking,
  'instance killed before an insert': killedAt({
    at: 'store',
    passing: 'statement',
    table: 'window_metrics'
  }),
  'instance killed behind an insert': killedAt({ at: 'store', passing: 'answer', table: 'window_metrics' }),
  'instance killed before its anomalies are stored': killedAt({
    at: 'store',
    passing: 'statement',
    table: 'anomalies_log'
  }),
  'instance killed before its notifications are stored': killedAt({
    at: 'store',
    passing: 'statement',
    table: 'notifications'
  }),
  'instance killed before a commit': killedAt({ at: 'broker', passing: 'request', apiKey: offsetCommit }),
  'instance killed behind a commit': killedAt({ at: 'broker', passing: 'answer', apiKey: offsetCommit }),
  'instance killed behind a send': killedAt({ at: 'inbox' }),
  'instance asked to leave': async ({ instances }) => {
    await instances.leave(await instances.reading())
    await instances.fill()
  },
  'standby killed': async ({ instances }) => {
    await instances.reading()
    const standby = instances.standby()
    if (standby !== undefined) await instances.kill(standby)
    await instances.fill()
  },
  'all instances killed': async ({ instances }) => {
    await instances.reading()
    await Promise.all(instances.running().map(instances.kill))
    await instances.fill()
  },
  'instance paused': async ({ instances }, draw) => {
    await instances.pause(await instances.reading(), between(1_000, 5_000, draw('long')))
  },
  'instance paused beyond its session': async ({ instances }, draw) => {
    await instances.pause(await instances.reading(), beyondSessionMs + between(0, 4_000, draw('long')))
  },
  'broker stopped': async ({ broker, wait }, draw) => {
    await broker.stop()
    await wait(between(0, 4_000, draw('long')))
    await broker.restart()
  },
  'broker killed': async ({ broker, wait }, draw) => {
    await broker.kill('SIGKILL')
    await wait(between(0, 4_000, draw('long')))
    await broker.restart()
  },
  'broker hung': async ({ broker, wait }, draw) => {
    await broker.kill('SIGSTOP')
    await wait(between(1_000, 8_000, draw('long')))
    await broker.kill('SIGCONT')
  },
  'connections to the broker cut': async ({ proxy, wait }, draw) => {
    for (let cut = 0; cut < 3; cut++) {
      proxy.cut()
      await wait(between(100, 1_000, draw(`cut ${cut}`)))
    }
  },
  'store away': storeIs({ kind: 'away' }, 1_000, 8_000),
  'store silent': storeIs({ kind: 'silent' }, 2_000, 8_000),
  'store slow': storeIs({ kind: 'slow', delayMs: 1_500 }, 4_000, 8_000),
  'store read-only': storeIs(refused(164, 'READONLY', 'Cannot execute query in readonly mode'), 1_000, 6_000),
  'store out of disk': storeIs(
    refused(243, 'NOT_ENOUGH_SPACE', 'Cannot reserve 1.00 MiB, not enough space'),
    1_000,
    6_000
  ),
  'store answers 200 with an exception': storeIs(
    refused(241, 'MEMORY_LIMIT_EXCEEDED', 'Memory limit (total) exceeded', 200),
    1_000,
    6_000
  ),
  'store hung': async ({ gate, wait }, draw) => {
    gate.signalEngine('SIGSTOP')
    await wait(between(1_000, 8_000, draw('long')))
    gate.signalEngine('SIGCONT')
  },
  'store killed': async ({ gate, wait }, draw) => {
    gate.signalEngine('SIGKILL')
    await wait(between(0, 4_000, draw('long')))
    await gate.reopen()
  },
  'store away while an instance is killed': async scene => {
    scene.gate.mood({ kind: 'away' })
    await killWorking(scene)
    await scene.wait(2_000)
    scene.gate.mood({ kind: 'well' })
  },
  'receivers fail': receiverIs({ status: 500 }),
  'receivers refuse for now': receiverIs({ status: 429, retryAfterS: 1 }),
  'receivers hang': receiverIs('hang'),
  'receivers break off': receiverIs('reset')
}
