import { localOffset } from '../time/local-time.ts'

/** The instant at which the clocks of an IANA timezone show a time, given as if it were UTC. */
export function instantIn(timezone: string): (wallMs: number) => number {
  const offsetAt = localOffset(timezone)
  return function instantOf(wallMs) {
    const near = wallMs - offsetAt(wallMs)
    return wallMs - offsetAt(near)
  }
}
