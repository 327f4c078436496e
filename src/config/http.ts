import { z } from 'zod'
import { refuseKey, trimmedText } from './schema-parts.ts'

/** What others could guess protects nothing. */
const ownSecret = z.string().regex(/^\S{16,}$/, { error: 'at least 16 characters without spaces' })

const publicUrl = z.string().regex(/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/i, {
  error: 'a URL such as https://cartwatch.example.com, without a query'
})

/** The `http:` section: where we listen, and what lets others in. */
export const httpSchema = z
  .strictObject({
    host: trimmedText.prefault('127.0.0.1'),
    port: z.int().min(0).max(65_535).prefault(8080),
    public_url: publicUrl.optional(),
    link_secret: ownSecret.optional(),
    slack_signing_secret: trimmedText.optional(),
    pagerduty_webhook_secret: trimmedText.optional(),
    api_token: ownSecret.optional()
  })
  .superRefine(({ public_url, link_secret }, context) => {
    if ((public_url === undefined) === (link_secret === undefined)) return
    const [key, other] =
      public_url === undefined ? ['link_secret', 'public_url'] : ['public_url', 'link_secret']
    refuseKey(context, key, `acknowledgement links also need http.${other}`)
  })
  .transform(http => ({
    host: http.host,
    port: http.port,
    /** Without a slash at its end. */
    publicUrl: http.public_url?.replace(/\/+$/, '') ?? null,
    linkSecret: http.link_secret ?? null,
    slackSigningSecret: http.slack_signing_secret ?? null,
    pagerdutyWebhookSecret: http.pagerduty_webhook_secret ?? null,
    apiToken: http.api_token ?? null
  }))
  .prefault({})
