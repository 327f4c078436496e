import { session } from '../api/client.ts'
import { lostSince } from '../api/live.ts'
import { timeText } from '../format/time.ts'
import { failure, Problem } from './notes.tsx'

/** Says when what is shown is no longer kept up to date. */
export function ConnectionNote() {
  const since = lostSince.value
  if (session.value === 'signed_out') return null
  if (since !== null)
    return (
      <Problem
        text={`No connection to cartwatch since ${timeText(since)}: what you see is from then. Connecting again … npx cartwatch status says how it is.`}
      />
    )
  return failure.value === null ? null : <Problem text={failure.value} />
}
