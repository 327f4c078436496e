export interface AnonymiseOptions {
  readonly pipeline: string
  /** Rows of before then. */
  readonly beforeMs: number
  /** What stands in place of a name or a text. */
  readonly anonymise: (text: string) => string
  /** Bounds one call. */
  readonly mostRows: number
}

export interface Anonymised {
  /** How many rows changed, by table. */
  readonly rows: ReadonlyMap<string, number>
  /** False where more rows wait than one call takes. */
  readonly isDone: boolean
}
