export interface Terminal {
  /** Lines for standard output and for standard error, without their newline. */
  readonly print: (text: string) => void
  readonly complain: (text: string) => void
  readonly setExitCode: (code: number) => void
  /** Undefined where there is none. */
  readonly columns: () => number | undefined
}
