/** A piece of an expression; `column` counts from 1. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'sign' | 'end' | 'broken'
  /** Without its quotes. */
  readonly text: string
  readonly column: number
}

const piece =
  /\s*(?:(?<quoted>'[^']*'|"[^"]*")|(?<sign>!=|<=|>=|[=<>(),])|(?<word>(?:[^\s=<>!(),'"[]|\[[^\]]*\])+)|(?<broken>\S))/y

/** All pieces in order, the last one the end. */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = []
  piece.lastIndex = 0
  for (let match = piece.exec(source); match !== null; match = piece.exec(source)) {
    const { quoted, sign, word, broken } = match.groups as Record<string, string | undefined>
    const raw = quoted ?? sign ?? word ?? broken ?? ''
    const kind = quoted ? 'quoted' : sign ? 'sign' : word ? 'word' : 'broken'
    const text = quoted === undefined ? raw : raw.slice(1, -1)
    tokens.push({ kind, text, column: match.index + match[0].length - raw.length + 1 })
  }
  return [...tokens, { kind: 'end', text: '', column: source.length + 1 }]
}
