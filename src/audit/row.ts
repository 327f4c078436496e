import { hash } from 'node:crypto'

/** What can have happened. */
type AuditAction =
  | 'acknowledge'
  | 'escalate'
  | 'label'
  | 'silence'
  | 'end_silence'
  | 'change_told'
  | 'calls_refused'
  | 'signed_in'
  | 'config_loaded'
  | 'config_reloaded'
  | 'secrets_rotated'
  | 'secrets_changed'
  | 'migrated'
  | 'started'
  | 'stopped'
  | 'took_over'
  | 'handed_over'
  | 'test_sent'
  | 'report_sent'
  | 'anonymised'
  /** Nothing happened: the row names the last rows of other chains. */
  | 'anchored'
  /** Rows were lost: the store was away for longer than memory holds them. */
  | 'rows_lost'

/** What happened. Never holds a secret or the text of a person. */
export interface AuditEvent {
  readonly action: AuditAction
  /** By the wall clock. */
  readonly at: number
  /** The person, as they said; empty where nobody asked for it. */
  readonly actor?: string
  /** How they came in: slack, pagerduty, link, cli, api. */
  readonly via?: string
  /** From where: an address, or user@host. */
  readonly origin?: string
  /** What it was done to. */
  readonly subject?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** The last row of a chain. */
export interface AuditHead {
  readonly chain: string
  readonly seq: number
  readonly at: number
  readonly hash: string
}

/** A row of realtime.audit. */
export interface AuditRow extends AuditHead {
  readonly pipeline: string
  readonly action: string
  readonly actor: string
  readonly via: string
  readonly origin: string
  readonly subject: string
  /** A JSON object. */
  readonly details: string
  readonly whoSalt: string
  readonly whoHash: string
  /** References to last rows of other chains. */
  readonly heads: readonly string[]
  readonly previousAt: number
  readonly previous: string
  readonly anonymised: boolean
}

/** Each text as `LENGTH:TEXT,` with its length in bytes: no two lists of texts give the same. */
const joined = (texts: readonly string[]): string =>
  texts.map(text => `${Buffer.byteLength(text)}:${text},`).join('')

const digest = (texts: readonly string[]): string => hash('sha256', joined(texts))

/** Covers who it was so that the names can go later, and the row still proves the rest. */
export const whoHashOf = ({
  whoSalt,
  actor,
  origin
}: Pick<AuditRow, 'whoSalt' | 'actor' | 'origin'>): string =>
  digest(['cartwatch who 1', whoSalt, actor, origin])

/** Covers all of a row but its names, which are covered by `whoHash`. docs/audit.md has the same in SQL. */
export const rowHashOf = (row: Omit<AuditRow, 'hash'>): string =>
  digest([
    'cartwatch audit 1',
    row.chain,
    String(row.seq),
    String(row.at),
    row.pipeline,
    row.action,
    row.via,
    row.subject,
    row.details,
    row.whoHash,
    row.heads.join('\n'),
    String(row.previousAt),
    row.previous
  ])

export const referenceOf = ({ hash, seq, at, chain }: AuditHead): string => `${hash} ${seq} ${at} ${chain}`

/** Undefined where it is no reference. */
export function readReference(text: string): AuditHead | undefined {
  const [, hash, seq, at, chain] = /^(\S+) (\d+) (-?\d+) (.+)$/s.exec(text) ?? []
  if (hash === undefined || chain === undefined) return undefined
  return { hash, seq: Number(seq), at: Number(at), chain }
}
