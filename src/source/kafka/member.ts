import { z } from 'zod'
import { parseJson } from '../parse-json.ts'

/** What a member sends to the group each time it joins. */
export interface Member {
  /** When it last became owner of the partitions, in milliseconds; 0 if never. */
  readonly claim: number
  /** Whether it is the owner as it joins. */
  readonly owns: boolean
  /** Undefined for a version that did not send it. */
  readonly instance: InstanceAddress | undefined
}

const claimBytes = 8
const text = z.string().max(300)
/** An instance as others of its group show it and ask it. */
const instanceAddress = z.object({
  name: text,
  /** Where its operations port listens; empty if on every address: then the address that the broker sees is right. */
  host: text,
  port: z.int().min(0).max(65_535)
})
export type InstanceAddress = Readonly<z.infer<typeof instanceAddress>>

const memberJson = instanceAddress.extend({ owns: z.boolean() })

/** The claim comes first: earlier versions send it alone. */
export function encodeMember({ claim, owns, instance }: Member): Buffer {
  const head = encodeTime(claim)
  return instance === undefined
    ? head
    : Buffer.concat([head, Buffer.from(JSON.stringify({ owns, ...instance }))])
}

/** What a member sent, as far as it can be read: it may be of another version. */
export function decodeMember(userData: Buffer | undefined): Member {
  const claim = decodeTime(userData?.subarray(0, claimBytes)) ?? 0
  const rest = memberJson.safeParse(parseJson(userData?.subarray(claimBytes).toString('utf8') ?? ''))
  if (!rest.success) return { claim, owns: false, instance: undefined }
  const { owns, ...instance } = rest.data
  return { claim, owns, instance }
}

/** A time in milliseconds as the leader sends it with the assignment. */
export function encodeTime(time: number): Buffer {
  const bytes = Buffer.alloc(claimBytes)
  bytes.writeDoubleBE(time)
  return bytes
}

/** Undefined if the bytes are no such time. */
export function decodeTime(bytes: Buffer | undefined): number | undefined {
  if (bytes?.length !== claimBytes) return undefined
  const time = bytes.readDoubleBE()
  return Number.isFinite(time) ? time : undefined
}
