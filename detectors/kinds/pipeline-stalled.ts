import { minuteMs } from '../../src/time/units.ts'
import { defineKind } from '../kind.ts'
import { lasting } from '../rules/options.ts'

const ofCause: ReadonlyMap<unknown, string> = new Map([
  ['broker_gone', 'See whether the brokers run, and whether this machine reaches them.'],
  ['topic_missing', 'See who deleted the topic. Create it, or take it out of kafka.topics and restart.'],
  [
    'partition_holds',
    'Find out why the records of this partition are so old: a producer that lags, or a wrong clock.'
  ],
  ['lag_grows', 'Give cartwatch more CPU, and see whether the stream sends more than usual.'],
  ['commits_refused', 'Check the rights on the consumer group, and the log of its coordinator in Kafka.'],
  [
    'dead_letters_refused',
    'Check that the dead-letter topic is there and that we may write to it, or that the disk has room.'
  ],
  ['memory_full', 'Look at ClickHouse: windows wait for it until it accepts rows again.'],
  ['store_unavailable', 'Look at ClickHouse: is it up, is its disk full, did a password change.'],
  ['partition_stuck', 'See whether the leader of this partition can read it at the offset named here.'],
  [
    'broker_slow',
    'Records are slow and not lost: find what limits the network or the broker, a quota for instance.'
  ],
  [
    'not_confirmed',
    'This process was paused. Look at the coordinator of the consumer group in Kafka, and at the network.'
  ],
  [
    'schema_registry_away',
    'Look at the schema registry, and at kafka.schema_registry. Records wait for it, and none is lost.'
  ],
  [
    'nothing_closes',
    'Look at the partitions in cartwatch status: one that is behind, or one with events of the future.'
  ],
  [
    'windows_wait',
    'Look at the log and at ClickHouse; where the past takes long to read, shorten store.history.'
  ],
  [
    'not_joined',
    'Look at the coordinator of the consumer group in Kafka, and at the other members of the group.'
  ]
])

/** Found in the state of the source, not in windows. */
export const pipelineStalled = defineKind({
  kind: 'pipeline_stalled',
  title: 'Pipeline stalled',
  metric: 'lag',
  summary: 'Records are read more slowly than they arrive, or not at all.',
  checkFirst:
    'Look at the brokers, the lag of the group and the partition named here. Until it moves, nothing else is noticed.',
  adviceOn: ({ evidence }) => ofCause.get(evidence['cause']),
  area: 'technical',
  about: 'pipeline',
  source: 'pipeline',
  inhibits: { symptomsOf: 'missing_events' },
  options: lasting(5 * minuteMs)
})
