const noBytes: Buffer = Buffer.alloc(0)

/** Walks over the bytes of Kafka's records (format 2). Throws where they say that they go on beyond their end. */
export class RecordBytes {
  bytes = noBytes
  protected at = 0
  /** Where reading has to stop: of the records, or of the one that is read. */
  protected end = 0

  /** A zigzag varint of up to 64 bits; beyond 53 bits it is rounded. */
  protected varint(): number {
    const { bytes, at } = this
    // Nearly all have one byte or two: small enough for V8 to put it where it is called.
    if (at + 1 < this.end) {
      const first = bytes[at] as number
      if (first < 0x80) {
        this.at = at + 1
        return (first >>> 1) ^ -(first & 1)
      }
      const second = bytes[at + 1] as number
      if (second < 0x80) {
        this.at = at + 2
        const value = (first & 0x7f) | (second << 7)
        return (value >>> 1) ^ -(value & 1)
      }
    }
    return this.longVarint()
  }

  private longVarint(): number {
    let low = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte()
      low |= (byte & 0x7f) << shift
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1)
    }
    let value = low
    for (let scale = 2 ** 28; scale < 2 ** 70; scale *= 128) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
    throw new Error(`a number of more than ten bytes ends at byte ${this.at} of ${this.bytes.length}`)
  }

  private byte(): number {
    if (this.at >= this.end) throw cutOff(this.at + 1, this.end)
    return this.bytes[this.at++] as number
  }

  /** Passes over a length and as many bytes. Gives the length; below 0 there is no value. */
  protected skipBytes(): number {
    const length = this.varint()
    if (length > 0) this.at += length
    if (this.at > this.end) throw cutOff(this.at, this.end)
    return length
  }
}

const cutOff = (at: number, end: number): Error =>
  new Error(`a record goes on to byte ${at} and ends at byte ${end}`)
