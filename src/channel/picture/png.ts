import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'

export interface Raster {
  readonly width: number
  readonly height: number
  /** A byte for each dot, row by row: its place in the palette. */
  readonly dots: Uint8Array
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const compress = promisify(deflate)

/** A PNG of at most 16 colours, `#rrggbb`: four bits a dot. Compressed off the event loop. */
export async function pngOf({ width, height, dots }: Raster, palette: readonly string[]): Promise<Buffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Four bits a dot, of a palette; compression, filter and interlacing are the only ones there are.
  header.set([4, 3, 0, 0, 0], 8)
  const colours = Buffer.from(palette.map(colour => colour.slice(1)).join(''), 'hex')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', await compress(packed({ width, height, dots }), { level: 6 })),
    chunk('IEND', Buffer.alloc(0))
  ])
}

/** Two dots a byte, and before each row the filter that leaves it as it is. */
function packed({ width, height, dots }: Raster): Uint8Array {
  const rowBytes = 1 + Math.ceil(width / 2)
  const rows = new Uint8Array(rowBytes * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x += 2) {
      const at = y * width + x
      const second = x + 1 < width ? (dots[at + 1] ?? 0) : 0
      rows[y * rowBytes + 1 + x / 2] = ((dots[at] ?? 0) << 4) | second
    }
  return rows
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
