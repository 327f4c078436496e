/** The offset in an answer of its own length, the number of the request, and the time to hold back. */
const headBytes = 12

export const fetch = 1

/** Kafka's numbers of errors. */
export const kafkaErrors = {
  CORRUPT_MESSAGE: 2,
  OFFSET_METADATA_TOO_LARGE: 12,
  ILLEGAL_GENERATION: 22,
  UNKNOWN_MEMBER_ID: 25,
  REBALANCE_IN_PROGRESS: 27,
  TOPIC_AUTHORIZATION_FAILED: 29,
  GROUP_AUTHORIZATION_FAILED: 30
} as const

/** Makes an answer to an OffsetCommit (version 3 to 7) refuse every partition. */
export function refuseCommit(frame: Buffer, error: number): void {
  forEachPartition(frame, headBytes, at => {
    frame.writeInt16BE(error, at)
    return at + 2
  })
}

/** Makes an answer to a Fetch (version 7 to 11) refuse its first partition; false where it has none. */
export function refuseFetch(frame: Buffer, error: number): boolean {
  const errorAndSessionBytes = 6
  const at = headBytes + errorAndSessionBytes
  if (frame.readInt32BE(at) === 0) return false
  const nameBytes = frame.readInt16BE(at + 4)
  frame.writeInt16BE(error, at + 4 + 2 + nameBytes + 4 + 4)
  return true
}

/** Calls with where the error of each partition stands; it gives where the next partition begins. */
function forEachPartition(frame: Buffer, from: number, atError: (at: number) => number): void {
  let at = from + 4
  for (let topics = frame.readInt32BE(from); topics > 0; topics--) {
    at += 2 + frame.readInt16BE(at)
    let partitions = frame.readInt32BE(at)
    at += 4
    for (; partitions > 0; partitions--) at = atError(at + 4)
  }
}
