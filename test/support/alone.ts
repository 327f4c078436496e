import type { Inspection } from '../../src/inspect/inspect.ts'
import type { Inspected } from '../../src/inspect/proposal.ts'

/** The inspection of one file, or of one topic. */
export const alone = (inspection: Inspection, topic?: string): readonly Inspected[] => [
  topic === undefined
    ? { kind: 'file', name: 'events.ndjson', inspection }
    : { kind: 'topic', name: topic, inspection }
]
