import { Transform } from 'node:stream'

/** A field that is a number with more digits than a figure has: the noise of binary fractions. */
const noisy = /^-?\d+\.\d+(?:e[+-]?\d+)?$/
const digits = 12

/** Fields of tab-separated lines that are such numbers, to 12 significant digits; texts within a field stay. */
export function roundedFields(): Transform {
  const decoder = new TextDecoder()
  let rest = ''
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const text = rest + decoder.decode(chunk, { stream: true })
      const end = text.lastIndexOf('\n') + 1
      rest = text.slice(end)
      done(null, rounded(text.slice(0, end)))
    },
    flush(done) {
      done(null, rounded(rest + decoder.decode()))
    }
  })
}

const rounded = (lines: string): string =>
  lines
    .split('\n')
    .map(line => line.split('\t').map(roundedField).join('\t'))
    .join('\n')

function roundedField(field: string): string {
  if (field.length <= digits + 2 || !noisy.test(field)) return field
  return String(Number(Number(field).toPrecision(digits)))
}
