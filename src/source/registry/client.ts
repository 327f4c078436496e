import { z } from 'zod'
import { fetchOutbound } from '../../net/outbound.ts'
import { messageOf } from '../../telemetry/message.ts'
import { SourceError } from '../error.ts'
import { parseJson } from '../parse-json.ts'
import type { AskRegistry, RegisteredSchema, RegistryAccess } from './types.ts'

const answerMs = 10_000
const maxReferences = 100

const reference = z.object({ name: z.string(), subject: z.string(), version: z.number() })
const answer = z.object({
  schema: z.string(),
  schemaType: z.enum(['AVRO', 'PROTOBUF', 'JSON']).default('AVRO'),
  references: z.array(reference).default([])
})
type Answer = z.output<typeof answer>
const refusal = z.object({ error_code: z.number(), message: z.string().default('') })

/** The registry's own code where it knows no schema of an id. */
const schemaNotFound = 40_403

const kinds = { AVRO: 'avro', PROTOBUF: 'protobuf', JSON: 'json' } as const

/** Asks a registry that speaks Confluent's protocol: Confluent, Redpanda, Apicurio's compatible API, Karapace. */
export function createAskRegistry({ url, username, password }: RegistryAccess): AskRegistry {
  const base = url.replace(/\/+$/, '')
  const login = `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`
  const headers = {
    accept: 'application/vnd.schemaregistry.v1+json, application/json',
    ...(username !== undefined && { authorization: login })
  }

  async function get(path: string): Promise<Answer | undefined> {
    const fail = (reason: string, cause?: unknown) =>
      new SourceError('SCHEMA_REGISTRY', `the schema registry at ${base} ${reason}`, {
        retryable: true,
        cause
      })
    let response: Response
    try {
      response = await fetchOutbound(`${base}${path}`, { headers, signal: AbortSignal.timeout(answerMs) })
    } catch (cause) {
      throw fail(`cannot be reached: ${reasonOf(cause)} (kafka.schema_registry.url)`, cause)
    }
    const body = parseJson(await response.text())
    if (response.status === 404 && refusal.safeParse(body).data?.error_code === schemaNotFound)
      return undefined
    if (response.status === 401 || response.status === 403)
      throw fail(`answers ${response.status}: check kafka.schema_registry.username and password`)
    const found = answer.safeParse(body)
    if (!response.ok || !found.success)
      throw fail(`answers ${response.status} and no schema to ${path} (kafka.schema_registry.url)`)
    return found.data
  }

  async function referencesOf(
    { references }: Answer,
    found: Map<string, string>
  ): Promise<Map<string, string>> {
    for (const { name, subject, version } of references) {
      if (found.has(name) || found.size >= maxReferences) continue
      const inner = await get(`/subjects/${encodeURIComponent(subject)}/versions/${version}`)
      if (inner === undefined) continue
      await referencesOf(inner, found)
      found.set(name, inner.schema)
    }
    return found
  }

  return async function askRegistry(id): Promise<RegisteredSchema | undefined> {
    const found = await get(`/schemas/ids/${id}`)
    if (found === undefined) return undefined
    const references = await referencesOf(found, new Map())
    return {
      kind: kinds[found.schemaType],
      schema: found.schema,
      references: [...references].map(([name, schema]) => ({ name, schema }))
    }
  }
}

/** Of several addresses that refuse, the error has no text of its own. */
function reasonOf(cause: unknown): string {
  if (cause instanceof DOMException && cause.name === 'TimeoutError')
    return `no answer within ${answerMs / 1_000} s`
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
  return messageOf(inner) || (inner instanceof Error && 'code' in inner ? String(inner.code) : 'unknown')
}
