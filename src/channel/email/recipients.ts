import { setRecent } from '../../delivery/newest-entries.ts'

/** A server's no to one recipient: 5xx is for good, anything else passes. */
export interface Refusal {
  readonly recipient: string
  readonly isFinal: boolean
  /** The server's code; 0 if it gave none. */
  readonly status: number
  /** What the server said. */
  readonly answer: string
}

/** Which recipients of a mail still have to get it, over several attempts. */
export interface Progress {
  /** Addresses for the envelope of the next attempt; undefined for all. */
  readonly left: readonly string[] | undefined
  readonly hasTaken: boolean
  readonly refused: readonly Refusal[]
}

const fresh: Progress = { left: undefined, hasTaken: false, refused: [] }
const rememberedMails = 10_000

/** By notification. After a restart, a mail that some recipients have goes to all of them again, under its Message-ID. */
export function createRecipients() {
  const open = new Map<string, Progress>()
  return {
    of: (id: string): Progress => open.get(id) ?? fresh,
    /** Takes in an attempt: how many recipients took the mail, and who did not. */
    note(id: string, taken: number, refusals: readonly Refusal[]): Progress {
      const before = open.get(id) ?? fresh
      const left = refusals.filter(({ isFinal }) => !isFinal).map(({ recipient }) => recipient)
      const progress = {
        left,
        hasTaken: before.hasTaken || taken > 0,
        refused: [...before.refused, ...refusals.filter(({ isFinal }) => isFinal)]
      }
      if (left.length > 0) setRecent(open, id, progress, rememberedMails)
      else open.delete(id)
      return progress
    }
  }
}

/** Names each recipient with what the server said. */
export const namedRefusals = (refusals: readonly Refusal[]): string =>
  refusals.map(({ recipient, answer }) => `${recipient}: ${answer}`).join('; ')
