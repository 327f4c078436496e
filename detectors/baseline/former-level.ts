import type { LevelState } from './level-filter.ts'

/** The level of before another one was believed, for so many windows after that. */
export function createFormerLevel(lastsWindows: number) {
  let former: { readonly state: LevelState; readonly window: number } | undefined
  /** The level is one that was believed after the former one. */
  let isAway = false
  /** The level from which it came back to the former one. */
  let cameFrom: number | undefined

  const at = (window: number) => (former && window - former.window <= lastsWindows ? former.state : undefined)

  /** Whether it is the level of windows before it came back, and not the former one. */
  const isLeft = ({ level }: LevelState): boolean =>
    former !== undefined &&
    cameFrom !== undefined &&
    Math.abs(level - cameFrom) < Math.abs(level - former.state.level)

  return {
    at,
    /** What the level was before it may have changed, unless that is itself one that was believed. */
    remember(state: LevelState | undefined, window: number): void {
      if (at(window) && (isAway || (state && isLeft(state)))) return
      former = state && { state, window }
      isAway = false
      cameFrom = undefined
    },
    /** Another level is believed: one that has lost over half of the distance to the former one is back. */
    believe(level: number, left: LevelState | undefined, window: number): void {
      if (!former || !left) return
      isAway = Math.abs(level - former.state.level) >= Math.abs(left.level - former.state.level) / 2
      if (isAway) former = { ...former, window }
      else cameFrom = left.level
    }
  }
}
