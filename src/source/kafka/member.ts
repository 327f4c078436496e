import { z } from 'zod'

/** An instance as the others of its group can show and ask it. */
export interface InstanceAddress {
  readonly name: string
  /** Where its operations port listens; empty where that is on every address, so that the broker's view of it will do. */
  readonly host: string
  readonly port: number
}

/** What a member tells the group of itself each time that it joins. */
export interface Member {
  /** When it was given the work it has or had last, in milliseconds; 0 if never. */
  readonly claim: number
  /** Whether it has the work as it joins. */
  readonly owns: boolean
  /** Undefined of a version that did not tell. */
  readonly instance: InstanceAddress | undefined
}

const claimBytes = 8
const text = z.string().max(300)
const told = z.object({
  owns: z.boolean(),
  name: text,
  host: text,
  port: z.int().min(0).max(65_535)
})

/** The claim comes first, as it stood alone in earlier versions. */
export function encodeMember({ claim, owns, instance }: Member): Buffer {
  const head = Buffer.alloc(claimBytes)
  head.writeDoubleBE(claim)
  return instance === undefined
    ? head
    : Buffer.concat([head, Buffer.from(JSON.stringify({ owns, ...instance }))])
}

/** What a member told, as far as it can be read: it may be of another version. */
export function decodeMember(userData: Buffer | undefined): Member {
  const claim = decodeTime(userData?.subarray(0, claimBytes)) ?? 0
  const rest = told.safeParse(parseJson(userData?.subarray(claimBytes).toString('utf8') ?? ''))
  if (!rest.success) return { claim, owns: false, instance: undefined }
  const { owns, ...instance } = rest.data
  return { claim, owns, instance }
}

/** A time in milliseconds as the leader gives it with the work. */
export function encodeTime(time: number): Buffer {
  const bytes = Buffer.alloc(claimBytes)
  bytes.writeDoubleBE(time)
  return bytes
}

/** Undefined where the bytes are none. */
export function decodeTime(bytes: Buffer | undefined): number | undefined {
  if (bytes?.length !== claimBytes) return undefined
  const time = bytes.readDoubleBE()
  return Number.isFinite(time) ? time : undefined
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
