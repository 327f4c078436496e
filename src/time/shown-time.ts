/** Milliseconds since the epoch to the second, as UTC: `2026-11-21 10:01:10`. */
export const shownTime = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 19)
