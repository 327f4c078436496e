import { writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const usage = `Draws what the demo printed as the picture of the README: the first alert, and what was found.

  npm run demo:picture     writes docs/demo.svg`

const [cellWidth, lineHeight, margin] = [7.22, 17, 20]
const columns = 130

/** Text in these colours, the first that fits. */
const colours: readonly (readonly [RegExp, string])[] = [
  [/^\$ .*/, '#7fd962'],
  [/CRITICAL|critical/, '#ff6b6b'],
  [/HIGH|\bhigh\b/, '#ffb454'],
  [/[▁▂▃▄▅▆▇█]{5,}/, '#ffb454'],
  [/^\d+ of \d+ incidents found.*|^per cause:.*/, '#7fd962']
]

const printed = (await text(process.stdin)).split('\n').filter(line => !line.startsWith('-- '))
const from = printed.findIndex(line => line.startsWith('┌ Slack'))
const tables = printed.flatMap((line, at) => (line.startsWith('┌─') ? [at] : []))
const [found, perCause] = tables.slice(-2)
if (process.stdin.isTTY || from < 0 || found === undefined || perCause === undefined) {
  console.error(usage)
  process.exit(1)
}
const alert = printed.slice(
  from,
  printed.findIndex((line, at) => at > from && line.startsWith('┌'))
)
const lines = [
  '$ npm run demo',
  '',
  ...printed.slice(0, 2),
  '',
  ...alert,
  '  … then each further message, and the rows of realtime.anomalies …',
  '',
  ...printed.slice(found, perCause),
  ...printed.filter(line => line.startsWith('per cause:'))
].flatMap(wrapped)
while (lines.at(-1) === '') lines.pop()

const width = Math.ceil(2 * margin + Math.max(...lines.map(cells)) * cellWidth)
const height = 2 * margin + lines.length * lineHeight
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>The demo: the first alert, and what was found of the faults in the stream</title>
<rect width="100%" height="100%" rx="8" fill="#0f1419"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="12" fill="#d9d7ce">
${lines.map(drawn).filter(Boolean).join('\n')}
</g>
</svg>
`
await writeFile(fileURLToPath(new URL('../docs/demo.svg', import.meta.url)), svg)

/** Spaces are kept by each element: a group's `xml:space` is no longer inherited. */
function drawn(line: string, at: number): string {
  if (line.trim() === '') return ''
  const y = margin + (at + 0.7) * lineHeight
  const length = Math.round(cells(line) * cellWidth)
  return `<text x="${margin}" y="${y.toFixed(0)}" textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve" style="white-space: pre">${coloured(line)}</text>`
}

function coloured(line: string): string {
  for (const [pattern, fill] of colours) {
    const match = pattern.exec(line)
    if (match === null) continue
    const [before, after] = [line.slice(0, match.index), line.slice(match.index + match[0].length)]
    return `${escaped(before)}<tspan fill="${fill}">${escaped(match[0])}</tspan>${escaped(after)}`
  }
  return escaped(line)
}

/** Cuts a line of prose at spaces; a line of a table or a message is never longer than its box. */
function wrapped(line: string): string[] {
  if (cells(line) <= columns || /^[┌├│└]─|│$/.test(line)) return [line]
  const cut = line.lastIndexOf(' ', columns)
  const head = line.startsWith('│') ? '│ ' : ''
  return [line.slice(0, cut), ...wrapped(head + line.slice(cut + 1))]
}

/** Columns on a terminal: an emoji takes two. */
function cells(line: string): number {
  return [...line].reduce((sum, character) => sum + (/\p{Emoji_Presentation}/u.test(character) ? 2 : 1), 0)
}

function escaped(part: string): string {
  return part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
