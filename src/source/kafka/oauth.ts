import kafkajs, { type Mechanism } from 'kafkajs'
import {
  allowInsecureRequests,
  ClientSecretBasic,
  clientCredentialsGrantRequest,
  customFetch,
  processClientCredentialsResponse,
  ResponseBodyError,
  WWWAuthenticateChallengeError
} from 'oauth4webapi'
import { fetchOutbound } from '../../net/outbound.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'

/** The client-credentials grant of OAuth 2.0. */
export interface OAuthClient {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope?: string | undefined
}

/** The beginning of every error that says why there is no token. */
export const noToken = 'no token for Kafka: '
const answerMs = 10_000
/**
 * A token is not used when it expires within this time. KafkaJS logs in again 10 s before its session ends, and would do so
 * at every request if the next token expired within these 10 s too: brokers refuse that.
 */
const leastLeftMs = 30_000
const longestReason = 300

/** SASL/OAUTHBEARER with the client's tokens. KafkaJS's own mechanism ignores the broker's answer to a token. */
export function oauthBearer(client: OAuthClient, clock: Pick<Clock, 'now'>): Mechanism {
  const token = createTokens(client, clock)
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      async authenticate() {
        const login = withLength(`n,,\u0001auth=Bearer ${await token()}\u0001\u0001`)
        await saslAuthenticate({
          request: { encode: () => login },
          response: { decode: answer => answer.subarray(lengthBytes), parse: refuseFault }
        })
      }
    })
  }
}

/**
 * Gives a token that does not expire soon; concurrent callers get the same one. Rejects with an error that says which
 * step failed and contains no secret; KafkaJS tries again.
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
        [customFetch]: (url, options) => fetchOutbound(url, options),
        // Plain HTTP is allowed: the configuration decides, and a token endpoint may run on the same machine.
        [allowInsecureRequests]: true
      }
    )
    return await processClientCredentialsResponse(server, oauthClient, response)
  } catch (cause) {
    const reason = reasonOf(cause).replaceAll(clientSecret, '***').slice(0, longestReason)
    // A connection error, so that KafkaJS opens a new connection: on this one the handshake cannot start again.
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
    return `does not answer within ${answerMs / 1_000} s`
  if (cause instanceof TypeError && cause.cause !== undefined)
    return `cannot be reached: ${systemReason(cause.cause)} (kafka.sasl.token_url)`
  const answer = cause instanceof Error && cause.cause instanceof Response ? ` (${cause.cause.status})` : ''
  return `answers without a usable token${answer}: ${messageOf(cause)} (kafka.sasl.token_url)`
}

const whatToCheck = '(kafka.sasl.client_id, client_secret, scope)'

/** If several addresses refuse, the error has no text of its own. */
const systemReason = (cause: unknown): string =>
  messageOf(cause) || (cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown')

const lengthBytes = 4

function withLength(text: string): Buffer {
  const bytes = Buffer.alloc(lengthBytes + Buffer.byteLength(text))
  bytes.writeInt32BE(bytes.length - lengthBytes)
  bytes.write(text, lengthBytes)
  return bytes
}

/** A broker that accepts the token answers nothing, otherwise JSON such as `{"status":"invalid_token"}`. */
function refuseFault(answer: Buffer): void {
  if (answer.length === 0) return
  throw new kafkajs.KafkaJSNonRetriableError(
    `SASL OAUTHBEARER authentication failed: ${answer.toString('utf8', 0, longestReason)}`
  )
}
