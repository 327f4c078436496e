/** What a server would see in a request's SQL before it runs it. */
export interface StatementShape {
  /** The first words, upper case, without comments: `SELECT`, `SET`, `INSERT`; empty where there is no statement. */
  readonly verb: string
  /** True where another statement follows a `;`, which a server refuses. */
  readonly several: boolean
  /** The format of an INSERT with data of its own behind it, upper case: `INSERT INTO t FORMAT CSV`. */
  readonly insertFormat: string | undefined
  /** It changes nothing, neither in the store nor in a file. */
  readonly isReading: boolean
}

// Comments and quoted parts as ClickHouse's lexer takes them: backslash escapes, doubled quotes, heredocs. What is
// cut off at the end counts as closed there: the engine itself then says what is wrong.
const token =
  /--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\]+|\\[\s\S]|'')*(?:'|$)|"(?:[^"\\]+|\\[\s\S]|"")*(?:"|$)|`(?:[^`\\]+|\\[\s\S]|``)*(?:`|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|\w+|;|\s+|[^\s\w]/g

const readers: ReadonlySet<string> = new Set([
  'SELECT',
  'WITH',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXPLAIN',
  'EXISTS',
  'VALUES',
  'FROM',
  '('
])

/** Reads SQL far enough to tell these; never throws. Inline data of an INSERT is not SQL and not read. */
export function readStatement(sql: string): StatementShape {
  let verb = ''
  let writes = false
  let ended = false
  let previous = ''
  for (const [text] of sql.matchAll(token)) {
    if (/^(?:\s|--|#[ !]|\/\*)/.test(text)) continue
    if (text === ';') {
      ended = verb !== ''
      continue
    }
    if (ended) return { verb, several: true, insertFormat: undefined, isReading: false }
    const word = text.toUpperCase()
    if (verb === '') verb = word
    // `WITH … INSERT INTO`, `EXPLAIN … INSERT INTO` and `SELECT … INTO OUTFILE` begin like what reads.
    writes ||= (previous === 'INSERT' && word === 'INTO') || word === 'OUTFILE'
    if (verb === 'INSERT' && previous === 'FORMAT' && /^\w+$/.test(word) && word !== 'VALUES')
      return { verb, several: false, insertFormat: word, isReading: false }
    previous = word
  }
  return { verb, several: false, insertFormat: undefined, isReading: readers.has(verb) && !writes }
}
