/** The positions of a record batch's fields (format 2), in bytes. */
export const batchLayout = {
  firstOffset: 0,
  /** Of everything after this field. */
  length: 8,
  lengthEnd: 12,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  /** Id, epoch and first sequence of the producer. */
  producer: 43,
  count: 57
} as const

/** The records begin after it. */
export const batchHeaderBytes = 61
