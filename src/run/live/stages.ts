import { createDecider } from '../../decide/decider.ts'
import { createStoreWriter } from '../../decide/store-writer.ts'
import { createCheckpointing } from '../../ingest/checkpointing.ts'
import { createCommitGate } from '../../ingest/commit-gate.ts'
import { createCounts } from '../../ingest/counts.ts'
import { createDeadLetterQueue } from '../../ingest/dead-letters.ts'
import { createBackpressure } from './backpressure.ts'
import { watchBroker } from './broker.ts'
import { createCloseStage } from './close.ts'
import { createIngestStage } from './ingest.ts'
import { createOwnedWork } from './owned-work.ts'
import { createPublish } from './publish.ts'
import { drainMs, queuesOf } from './queues.ts'
import type { LiveOptions } from './types.ts'

export type LiveStages = ReturnType<typeof connectStages>

/**
 * ingest → close → decide → store → commit: each stage hands on to the next, and only behind what is stored are the
 * offsets committed. They are made from the last to the first.
 */
export function connectStages(options: LiveOptions, stopping: AbortSignal) {
  const { source, delivery, clock, log, metrics } = options
  const dead = createDeadLetterQueue(options.deadLetters)
  const counts = createCounts(metrics)
  const ownedWork = createOwnedWork(options, {
    restore: () => decider.restore(),
    onRestored({ records, pending, actions }) {
      delivery.restore(records)
      delivery.enqueue(pending, Promise.resolve())
      decider.act(actions)
    },
    forget() {
      gate.forget()
      decider.forget()
      writer.discard()
      dead.discard()
      delivery.forget()
    }
  })
  const checkpointing = createCheckpointing({ work: ownedWork.current, dead, source, log })
  const writer = createStoreWriter({
    ...options,
    onDone(until) {
      ownedWork.current()?.done(until)
      void checkpointing.commit()
    },
    onInsert: durationMs => metrics.observeInsert('all', durationMs)
  })
  const decider = createDecider({
    ...options,
    allStored: () => writer.drain(drainMs),
    onDecision: createPublish(options, writer)
  })
  const gate = createCommitGate({ commit: checkpointing.commit, push: decider.push, clock })
  const queues = queuesOf(gate, decider, writer)
  const broker = watchBroker(options)
  const backpressure = createBackpressure(options, queues, dead, stopping)
  const close = createCloseStage(options, ownedWork, gate, backpressure)
  const ingest = createIngestStage(options, { ownedWork, counts, dead, close, commit: checkpointing.commit })
  return {
    ownedWork,
    ingest,
    counts,
    dead,
    broker,
    backpressure,
    close,
    gate,
    decider,
    writer,
    queues,
    checkpointing
  }
}
