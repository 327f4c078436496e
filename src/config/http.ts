import { isIP } from 'node:net'
import camelcaseKeys from 'camelcase-keys'
import { z } from 'zod'
import { listOf, orNull, refuseKey, trimmedText } from './schema-parts.ts'

/** What others could guess protects nothing. */
const ownSecret = z.string().regex(/^\S{16,}$/, { error: 'at least 16 characters without spaces' })

/** Both kinds may hold several during a change, the newest first, with spaces or line breaks between them. */
const severalOf = (text: z.ZodString) => text.transform((secrets): readonly string[] => secrets.split(/\s+/))
const signingSecrets = severalOf(trimmedText)
const tokens = severalOf(
  z.string().regex(/^\S{16,}(?:\s+\S{16,})*$/, { error: 'at least 16 characters without spaces' })
)

/** Behind the border without a slash at its end. */
const publicUrl = z
  .string()
  .regex(/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/i, {
    error: 'a URL such as https://cartwatch.example.com, without a query'
  })
  .transform(url => url.replace(/\/+$/, ''))

const networks = 'addresses or networks such as 10.0.0.0/8'
const network = z.string().refine(isNetwork, networks)

/** An address, or one with the length of its network's prefix. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

/** As Node has it: in small letters. */
const headerName = z
  .string()
  .trim()
  .regex(/^[\w-]{1,100}$/, { error: 'the name of a header, such as X-Forwarded-User' })
  .transform(name => name.toLowerCase())

const allowed = listOf(network, networks).optional()

/** Who may use each way into the port; anybody where it is not named. */
const allowSchema = z.strictObject({
  /** /health, /healthz, /readyz, /status and /metrics. */
  operations: allowed,
  slack: allowed,
  pagerduty: allowed,
  links: allowed,
  api: allowed,
  intake: allowed
})

export type WayIn = keyof z.infer<typeof allowSchema>

/** The `http:` section: where we listen, and what lets others in. */
export const httpSchema = z
  .strictObject({
    host: trimmedText.prefault('127.0.0.1'),
    port: z.int().min(0).max(65_535).prefault(8080),
    trusted_proxies: orNull(listOf(network, networks)),
    allow: allowSchema.prefault({}),
    public_url: orNull(publicUrl),
    link_secret: orNull(ownSecret),
    slack_signing_secret: orNull(signingSecrets),
    pagerduty_webhook_secret: orNull(signingSecrets),
    api_token: orNull(tokens),
    view_token: orNull(tokens),
    password: orNull(tokens),
    view_password: orNull(tokens),
    user_header: orNull(headerName),
    operators: orNull(listOf(trimmedText, 'a list of names')),
    intake_token: orNull(tokens)
  })
  .superRefine(({ public_url, link_secret, user_header, trusted_proxies, operators }, context) => {
    if (user_header !== null && trusted_proxies === null)
      refuseKey(context, 'user_header', 'is believed of http.trusted_proxies alone: name them')
    if (operators !== null && user_header === null)
      refuseKey(context, 'operators', 'are names in http.user_header: name that header')
    if ((public_url === null) === (link_secret === null)) return
    const [key, other] = public_url === null ? ['link_secret', 'public_url'] : ['public_url', 'link_secret']
    refuseKey(context, key, `acknowledgement links also need http.${other}`)
  })
  .transform(http => camelcaseKeys(http))
  .prefault({})
