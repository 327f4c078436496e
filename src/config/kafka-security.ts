import camelcaseKeys from 'camelcase-keys'
import { z } from 'zod'
import type { Settings } from './document.ts'
import { type Note, noteAt } from './rules/note.ts'
import { onOff, refuseKey, trimmedText } from './schema-parts.ts'

const secret = z.string().min(1, { error: 'text that is not empty' })
const file = trimmedText.optional()

const tokenUrl = z
  .url({ protocol: /^https?$/, error: 'a URL such as https://login.example/oauth2/token' })
  .refine(url => !url.includes('@'), {
    error: 'a URL without user and password: the client has its own keys'
  })

const byPassword = z.strictObject({
  mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
  username: trimmedText,
  password: secret
})

const byToken = z
  .strictObject({
    mechanism: z.literal('oauthbearer'),
    token_url: tokenUrl,
    client_id: trimmedText,
    client_secret: secret,
    scope: trimmedText.optional()
  })
  .transform(keys => camelcaseKeys(keys))

/** `kafka.sasl`: who we are to the brokers. */
export const saslSchema = z.discriminatedUnion('mechanism', [byPassword, byToken], {
  error: issue =>
    issue.path?.at(-1) === 'mechanism' ? 'plain, scram-sha-256, scram-sha-512 or oauthbearer' : undefined
})

/** `kafka.schema_registry`: where the schemas of Avro and Protobuf are. */
export const registrySchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'a URL such as https://registry.example:8081' })
      .refine(url => !url.includes('@'), {
        error: 'a URL without user and password: they are keys of their own'
      }),
    username: trimmedText.optional(),
    password: secret.optional()
  })
  .superRefine(({ username, password }, context) => {
    if (username !== undefined && password === undefined)
      refuseKey(context, 'username', 'also needs kafka.schema_registry.password')
    if (password !== undefined && username === undefined)
      refuseKey(context, 'password', 'also needs kafka.schema_registry.username')
  })

const tlsKeys = z
  .strictObject({
    enabled: onOff.prefault('on'),
    ca: file,
    cert: file,
    key: file,
    passphrase: secret.optional(),
    server_name: trimmedText.optional(),
    reject_unauthorized: onOff.prefault('on')
  })
  .superRefine((keys, context) => {
    const pairs = [
      ['cert', 'key'],
      ['key', 'cert'],
      ['passphrase', 'key']
    ] as const
    for (const [there, needed] of pairs) {
      if (keys[there] === undefined || keys[needed] !== undefined) continue
      refuseKey(context, there, `also needs kafka.tls.${needed}`)
    }
  })

/** `kafka.tls`: `on`, `off`, or the files that TLS needs here; undefined behind the border where it is off. */
export const tlsSchema = z
  .union([onOff, tlsKeys], { error: 'on, off, or keys such as ca, cert and key' })
  .transform(value => {
    const keys = typeof value === 'boolean' ? { ...noTlsKeys, enabled: value } : value
    const { enabled, ca: caFile, cert: certFile, key: keyFile, ...rest } = camelcaseKeys(keys)
    return enabled ? { caFile, certFile, keyFile, ...rest } : undefined
  })

const noTlsKeys: z.output<typeof tlsKeys> = { enabled: true, reject_unauthorized: true }

/** What is right but should be known. */
export function securityNotes({ sasl, tls }: Security, origins: Settings['origins']): Note[] {
  const notes: Note[] = []
  if (tls === undefined && (sasl?.mechanism === 'plain' || sasl?.mechanism === 'oauthbearer')) {
    const what = sasl.mechanism === 'plain' ? 'the password' : 'the token'
    const text = `kafka.tls is off: SASL ${sasl.mechanism} sends ${what} unencrypted`
    notes.push(noteAt(origins, 'login-without-tls', ['kafka', 'tls'], text))
  }
  if (tls?.rejectUnauthorized === false) {
    const text = "kafka.tls.reject_unauthorized is off: the broker's certificate is not checked"
    notes.push(noteAt(origins, 'unchecked-certificate', ['kafka', 'tls', 'reject_unauthorized'], text))
  }
  return notes
}

interface Security {
  readonly sasl?: z.output<typeof saslSchema> | undefined
  readonly tls?: z.output<typeof tlsSchema>
}
