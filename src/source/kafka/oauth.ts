import kafkajs, { type Mechanism } from 'kafkajs'
import {
  allowInsecureRequests,
  ClientSecretBasic,
  clientCredentialsGrantRequest,
  processClientCredentialsResponse,
  ResponseBodyError,
  WWWAuthenticateChallengeError
} from 'oauth4webapi'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'

/** The client-credentials grant of OAuth 2.0. */
export interface OAuthClient {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope?: string | undefined
}

/** How an error begins that says why there is no token. */
export const noToken = 'no token for Kafka: '
const answerMs = 10_000
/**
 * A token is not shown when less than this is left of it. KafkaJS shows one again 10 s before the session that it opened
 * ends, and would go on doing so at each request if the next one ended within that time, too: brokers refuse that.
 */
const leastLeftMs = 30_000
const longestReason = 300

/** SASL/OAUTHBEARER with tokens of the client. KafkaJS's own does not read what the broker says of the token. */
export function oauthBearer(client: OAuthClient, clock: Pick<Clock, 'now'>): Mechanism {
  const token = createTokens(client, clock)
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      async authenticate() {
        const shown = withLength(`n,,\u0001auth=Bearer ${await token()}\u0001\u0001`)
        await saslAuthenticate({
          request: { encode: () => shown },
          response: { decode: answer => answer.subarray(lengthBytes), parse: refuseFault }
        })
      }
    })
  }
}

/**
 * Gives a token that is good for a while yet; callers that come together get the same. Rejects with an error that
 * says which step failed and holds no secret; KafkaJS tries it again.
 */
export function createTokens(client: OAuthClient, clock: Pick<Clock, 'now'>): () => Promise<string> {
  let held: { readonly token: string; readonly until: number } | undefined
  let asked: Promise<string> | undefined

  async function ask(): Promise<string> {
    const askedAt = clock.now()
    const { access_token: token, expires_in: seconds } = await request(client)
    held = { token, until: askedAt + (seconds ?? 0) * 1_000 - leastLeftMs }
    return token
  }

  return function token() {
    if (held !== undefined && clock.now() < held.until) return Promise.resolve(held.token)
    asked ??= ask().finally(() => {
      asked = undefined
    })
    return asked
  }
}

async function request({ tokenUrl, clientId, clientSecret, scope }: OAuthClient) {
  const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl }
  const oauthClient = { client_id: clientId }
  try {
    const response = await clientCredentialsGrantRequest(
      server,
      oauthClient,
      ClientSecretBasic(clientSecret),
      scope === undefined ? {} : { scope },
      {
        signal: () => AbortSignal.timeout(answerMs),
        // The configuration decides: a token endpoint beside the service may speak plain HTTP.
        [allowInsecureRequests]: true
      }
    )
    return await processClientCredentialsResponse(server, oauthClient, response)
  } catch (cause) {
    const reason = reasonOf(cause).replaceAll(clientSecret, '***').slice(0, longestReason)
    // As a connection that failed: KafkaJS opens another, since on this one the handshake cannot begin again.
    throw new kafkajs.KafkaJSConnectionError(`${noToken}${tokenUrl} ${reason}`)
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof ResponseBodyError) {
    const { status, error, error_description: description } = cause
    return `answers ${status} ${error}${description ? `, ${description}` : ''} ${whatToCheck}`
  }
  if (cause instanceof WWWAuthenticateChallengeError) return `answers ${cause.status} ${whatToCheck}`
  if (cause instanceof DOMException && cause.name === 'TimeoutError')
    return `gives no answer within ${answerMs / 1_000} s`
  if (cause instanceof TypeError && cause.cause !== undefined)
    return `cannot be reached: ${systemReason(cause.cause)} (kafka.sasl.token_url)`
  const answer = cause instanceof Error && cause.cause instanceof Response ? ` (${cause.cause.status})` : ''
  return `answers what is no token${answer}: ${messageOf(cause)} (kafka.sasl.token_url)`
}

const whatToCheck = '(kafka.sasl.client_id, client_secret, scope)'

/** Several addresses that all refuse give an error without a text of its own. */
const systemReason = (cause: unknown): string =>
  messageOf(cause) || (cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown')

const lengthBytes = 4

function withLength(text: string): Buffer {
  const bytes = Buffer.alloc(lengthBytes + Buffer.byteLength(text))
  bytes.writeInt32BE(bytes.length - lengthBytes)
  bytes.write(text, lengthBytes)
  return bytes
}

/** A broker that takes the token answers nothing; else JSON such as `{"status":"invalid_token"}`. */
function refuseFault(answer: Buffer): void {
  if (answer.length === 0) return
  throw new kafkajs.KafkaJSNonRetriableError(
    `SASL OAUTHBEARER authentication failed: ${answer.toString('utf8', 0, longestReason)}`
  )
}
