/** Where the fields of a record batch (format 2) stand. */
export const batchLayout = {
  firstOffset: 0,
  /** Of what comes behind this field itself. */
  length: 8,
  lengthEnd: 12,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  /** Id, epoch and first sequence of the producer. */
  producer: 43,
  count: 57
} as const

/** The records begin behind it. */
export const batchHeaderBytes = 61
