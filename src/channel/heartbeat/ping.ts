import type { SendResult } from '../../delivery/channel.ts'
import { secretFormsOf } from '../../telemetry/url-secrets.ts'
import type { Http } from '../http.ts'

/** A sign of life to a URL that is itself the secret, as dead man's switches have it. Never rejects. */
export const createPing =
  (http: Http) =>
  ({ url }: { readonly url: string }): Promise<SendResult> =>
    http.post({ url, body: '{}', secrets: secretFormsOf(url) })
