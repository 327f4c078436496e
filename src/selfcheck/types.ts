export interface Late {
  readonly isWaiting: boolean
  readonly windows: number
}
