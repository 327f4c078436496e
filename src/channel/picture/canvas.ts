import { font } from './font.ts'
import type { Raster } from './png.ts'

export interface Dot {
  readonly x: number
  readonly y: number
}

export type Canvas = ReturnType<typeof createCanvas>

/** Draws in colours of a palette; what lies outside is left out. */
export function createCanvas(width: number, height: number) {
  const dots = new Uint8Array(width * height)
  const { rowsOf, width: letterWidth, height: letterHeight } = font()

  function set(x: number, y: number, colour: number): void {
    if (x >= 0 && x < width && y >= 0 && y < height) dots[y * width + x] = colour
  }

  function fill(x: number, y: number, wide: number, high: number, colour: number): void {
    for (let row = y; row < y + high; row++)
      for (let column = x; column < x + wide; column++) set(column, row, colour)
  }

  /** `dash`: dots drawn, and as many left out; 0 for a whole line. */
  function line(from: Dot, to: Dot, colour: number, thickness = 1, dash = 0): void {
    const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1)
    const half = Math.floor(thickness / 2)
    for (let step = 0; step <= steps; step++) {
      const x = Math.round(from.x + ((to.x - from.x) * step) / steps)
      const y = Math.round(from.y + ((to.y - from.y) * step) / steps)
      // By where it stands, so that dashes of short lines in a row join.
      if (dash > 0 && Math.floor((x + y) / dash) % 2 === 1) continue
      fill(x - half, y - half, thickness, thickness, colour)
    }
  }

  /** A triangle that points up or down, or a diamond, around its middle. */
  function mark(shape: 'up' | 'down' | 'diamond', { x, y }: Dot, size: number, colour: number): void {
    for (let row = -size; row <= size; row++) {
      const wide = { up: (row + size) / 2, down: (size - row) / 2, diamond: size - Math.abs(row) }[shape]
      const half = Math.floor(wide)
      fill(x - half, y + row, 2 * half + 1, 1, colour)
    }
  }

  function text(words: string, x: number, y: number, colour: number): void {
    for (const [at, letter] of [...written(words)].entries())
      for (const [row, bits] of rowsOf(letter).entries())
        for (let column = 0; column < letterWidth; column++)
          if ((bits >> (letterWidth - 1 - column)) & 1) set(x + at * letterWidth + column, y + row, colour)
  }

  return {
    raster: { width, height, dots } satisfies Raster as Raster,
    fill,
    line,
    mark,
    text,
    widthOf: (words: string): number => [...written(words)].length * letterWidth,
    letterHeight
  }
}

/** Languages have blanks of several widths. */
const written = (words: string): string => words.replaceAll(/\p{Zs}/gu, ' ')
