export interface Backlog {
  readonly isDraining: boolean
  readonly writtenWindows: number
}
