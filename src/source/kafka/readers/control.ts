import type { PartitionControl } from '../partition-control.ts'
import type { Readers } from './readers.ts'

/** Pausing, resuming and seeking where readers read: then our own consumer keeps its partitions, and reads none of them. */
export const readersControl = (own: PartitionControl, readers: Readers): PartitionControl => ({
  pause(keys) {
    own.pause(keys)
    readers.pause(keys)
  },
  resume(keys) {
    readers.resume(keys)
    if (!readers.areReading()) own.resume(keys)
  },
  seek(key, offset) {
    if (!readers.areReading()) return own.seek(key, offset)
    own.pause([key])
    readers.seek(key, offset)
  }
})
