import { setTimeout as sleep } from 'node:timers/promises'
import { integer, type Uniform } from '../../producer/random.ts'
import type { Broker } from '../../src/demo/broker/broker.ts'
import type { Behaviour, Inbox } from '../../src/demo/inbox/inbox.ts'
import type { StoreGate } from '../../test/support/store-gate.ts'
import { until } from '../../test/support/until.ts'
import type { Instances } from './instances.ts'

/** What faults are done to. */
export interface Scene {
  readonly instances: Instances
  readonly broker: Broker
  readonly gate: StoreGate
  readonly inbox: Inbox
  readonly sessionMs: number
  /** Ten times the usual stream, beside it, for a minute. */
  readonly burst: () => Promise<void>
  readonly uniform: Uniform
}

type Fault = (scene: Scene) => Promise<void>

const takeOverMs = 180_000
const behaviours: readonly Behaviour[] = [
  { status: 429, retryAfterS: 20 },
  { status: 500 },
  { status: 503 },
  'reset',
  'hang'
]

const seconds = ({ uniform }: Scene, from: number, to: number) => sleep(integer(uniform, from, to) * 1_000)

/** Pauses the instance that is never ended until the other works. */
async function giveWork({ instances }: Scene): Promise<void> {
  if ((await instances.worked()) === 'mortal') return
  await instances.pause('steady', () =>
    until('the other to take over', () => instances.working() === 'mortal', takeOverMs)
  )
}

export const faults: Readonly<Record<string, Fault>> = {
  async 'the working instance killed'(scene) {
    await giveWork(scene)
    await scene.instances.kill('mortal')
    await scene.instances.start('mortal')
  },
  async 'the working instance asked to leave'(scene) {
    await giveWork(scene)
    await scene.instances.leave('mortal')
    await scene.instances.start('mortal')
  },
  async 'the working instance paused for longer than its session'(scene) {
    const { instances, sessionMs, uniform } = scene
    const longMs = sessionMs + integer(uniform, 2, 15) * 1_000
    await instances.pause(await instances.worked(), () => sleep(longMs))
  },
  async 'the broker stopped and back'(scene) {
    await scene.broker.stop()
    await seconds(scene, 5, 30)
    await scene.broker.restart()
  },
  async 'the broker killed and back'(scene) {
    await scene.broker.kill('SIGKILL')
    await seconds(scene, 1, 15)
    await scene.broker.restart()
  },
  async 'the store hung'(scene) {
    scene.gate.signalEngine('SIGSTOP')
    await seconds(scene, 10, 45)
    scene.gate.signalEngine('SIGCONT')
  },
  async 'the store killed and back'(scene) {
    scene.gate.signalEngine('SIGKILL')
    await seconds(scene, 5, 30)
    await scene.gate.reopen()
  },
  async 'a receiver broken for a minute'({ inbox, uniform }) {
    const to = uniform() < 0.5 ? 'slack' : 'pagerduty'
    inbox.behave(to, behaviours[integer(uniform, 0, behaviours.length - 1)] as Behaviour)
    await sleep(60_000)
    inbox.behave(to, 'real')
  },
  'ten times the stream for a minute': scene => scene.burst()
}

/** The names of faults in an order of chance, each once before any comes again. */
export function* drawn(uniform: Uniform): Generator<string> {
  for (;;) {
    const bag = Object.keys(faults)
    while (bag.length > 0) yield bag.splice(integer(uniform, 0, bag.length - 1), 1)[0] as string
  }
}
