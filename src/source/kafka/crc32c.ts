const polynomial = 0x82f63b78
const step = 8

/** `tables[n][byte]` is the checksum of the byte followed by `n` zero bytes, to take eight bytes at once. */
const tables = tablesOf()

/** The Castagnoli checksum of the bytes from `from` on, unsigned, as Kafka stores it with a batch. */
export function crc32c(bytes: Uint8Array, from = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [Table, Table, Table, Table, Table, Table, Table, Table]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let crc = ~0
  let at = from
  for (const last = bytes.length - step; at <= last; at += step) {
    const low = crc ^ view.getInt32(at, true)
    const high = view.getInt32(at + 4, true)
    crc =
      of(t7, low) ^
      of(t6, low >>> 8) ^
      of(t5, low >>> 16) ^
      of(t4, low >>> 24) ^
      of(t3, high) ^
      of(t2, high >>> 8) ^
      of(t1, high >>> 16) ^
      of(t0, high >>> 24)
  }
  for (; at < bytes.length; at++) crc = of(t0, crc ^ view.getUint8(at)) ^ (crc >>> 8)
  return ~crc >>> 0
}

type Table = Int32Array

function of(table: Table, value: number): number {
  return table[value & 0xff] as number
}

function tablesOf(): readonly Table[] {
  const first = new Int32Array(256).map((_, value) => {
    let crc = value
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    return crc
  })
  const made = [first]
  for (let table = first; made.length < step; made.push(table)) {
    table = table.map(crc => of(first, crc) ^ (crc >>> 8))
  }
  return made
}
