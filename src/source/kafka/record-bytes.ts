/** Walks over the bytes of Kafka's records (format 2). Throws where they say that they go on beyond their end. */
export class RecordBytes {
  readonly bytes: Buffer
  at = 0
  /** Where reading has to stop: of the records, or of the one that is read. */
  end: number

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.end = bytes.length
  }

  /** A zigzag varint of up to 64 bits; beyond 53 bits it is rounded. */
  varint(): number {
    const { bytes } = this
    let byte = this.byte()
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
    let low = byte & 0x7f
    for (let shift = 7; shift < 28; shift += 7) {
      byte = this.byte()
      low |= (byte & 0x7f) << shift
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1)
    }
    let value = low
    for (let scale = 2 ** 28; scale < 2 ** 70; scale *= 128) {
      byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
    throw new Error(`a number of more than ten bytes ends at byte ${this.at} of ${bytes.length}`)
  }

  byte(): number {
    if (this.at >= this.end) throw cutOff(this.at + 1, this.end)
    return this.bytes[this.at++] as number
  }

  /** Passes over a length and as many bytes. Gives the length; below 0 there is no value. */
  skipBytes(): number {
    const length = this.varint()
    if (length > 0) this.at += length
    if (this.at > this.end) throw cutOff(this.at, this.end)
    return length
  }
}

const cutOff = (at: number, end: number): Error =>
  new Error(`a record goes on to byte ${at} and ends at byte ${end}`)
