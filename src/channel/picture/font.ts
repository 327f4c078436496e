import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Spleen by Frederic Cambus (spleen-LICENSE), as its PC Screen Font, version 2. */
const file = new URL('./spleen-12x24.psfu.gz', import.meta.url)

export interface Font {
  readonly width: number
  readonly height: number
  /** The rows of a character, its leftmost dot the highest of `width` bits. */
  rowsOf(character: string): readonly number[]
  has(character: string): boolean
}

let read: Font | undefined

/** Read for the first picture: most processes draw none. */
export function font(): Font {
  read ??= parseFont(gunzipSync(readFileSync(file)))
  return read
}

const headerFields = ['glyphs', 'glyphBytes', 'height', 'width'] as const

function parseFont(bytes: Buffer): Font {
  const headerBytes = bytes.readUInt32LE(8)
  const [glyphs = 0, glyphBytes = 0, height = 0, width = 0] = headerFields.map((_, at) =>
    bytes.readUInt32LE(16 + 4 * at)
  )
  const rowBytes = Math.ceil(width / 8)
  const glyphOf = glyphsByCharacter(bytes.subarray(headerBytes + glyphs * glyphBytes))
  const rows = (glyph: number): number[] => {
    const from = headerBytes + glyph * glyphBytes
    return Array.from(
      { length: height },
      (_, row) => bytes.readUIntBE(from + row * rowBytes, rowBytes) >> (8 * rowBytes - width)
    )
  }
  const unknown = glyphOf.get('?') ?? 0
  return {
    width,
    height,
    rowsOf: character => rows(glyphOf.get(character) ?? unknown),
    has: character => glyphOf.has(character)
  }
}

const endOfGlyph = 0xff
const startOfSequences = 0xfe

/** Behind the glyphs stands, for each, which characters it is for, in UTF-8. */
function glyphsByCharacter(table: Buffer): ReadonlyMap<string, number> {
  const glyphOf = new Map<string, number>()
  let glyph = 0
  for (let from = 0, end = table.indexOf(endOfGlyph); end >= 0; end = table.indexOf(endOfGlyph, from)) {
    const entry = table.subarray(from, end)
    const sequences = entry.indexOf(startOfSequences)
    const characters = sequences < 0 ? entry : entry.subarray(0, sequences)
    for (const character of characters.toString('utf8')) glyphOf.set(character, glyph)
    glyph += 1
    from = end + 1
  }
  return glyphOf
}
