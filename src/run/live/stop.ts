import { drainMs } from './queues.ts'
import type { LiveStages } from './stages.ts'
import type { LiveOptions } from './types.ts'

const drainPollMs = 20
/** How long the last commit and the messages under way may take. */
const deliverMs = 3_000

/** Stores what is closed, commits, sends, and leaves the group, once nothing more is read. */
export async function stopStages(
  { source, delivery, clock, log }: LiveOptions,
  { queues, checkpointing }: LiveStages
): Promise<void> {
  const deadline = clock.now() + drainMs
  while (queues.size() > 0 && clock.now() < deadline) await clock.sleep(drainPollMs)
  const waiting = queues.size()
  if (waiting > 0)
    log.warn({ waiting }, 'stopped before everything was stored: the next run reads it from Kafka again')
  // Without the broker a commit could take longer than there is time.
  const committed = Promise.race([checkpointing.commit(), clock.sleep(deliverMs)])
  await Promise.all([committed, delivery.stop(deliverMs)])
  await source.stop()
}
