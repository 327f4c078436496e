import type { LevelState } from './level-filter.ts'

/** The level of before another one was believed, for so many windows after that. */
export function createFormerLevel(lastsWindows: number) {
  let former: { readonly state: LevelState; readonly window: number } | undefined
  /** The level is one that was believed after the former one. */
  let isAway = false

  const at = (window: number) => (former && window - former.window <= lastsWindows ? former.state : undefined)

  return {
    at,
    /** What the level was before it may have changed, unless that is itself one that was believed. */
    remember(state: LevelState | undefined, window: number): void {
      if (isAway && at(window)) return
      former = state && { state, window }
      isAway = false
    },
    /** Another level is believed: one that lies nearer to the former one than to the one it leaves is back. */
    believe(level: number, left: LevelState | undefined, window: number): void {
      if (!former || !left) return
      isAway = Math.abs(level - former.state.level) >= Math.abs(level - left.level)
      if (isAway) former = { ...former, window }
    }
  }
}
