import { z } from 'zod'
import { events } from './events.ts'
import { problem } from './parts.ts'
import type { ApiRoute } from './route.ts'

type Json = Readonly<Record<string, unknown>>

/** The description of the API as OpenAPI 3.1, out of the schemas that the server reads and answers by. */
export function openApiOf(routes: readonly ApiRoute[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const one of routes) {
    const operations = paths[one.path] ?? {}
    operations[one.method.toLowerCase()] = operationOf(one)
    paths[one.path] = operations
  }
  return {
    openapi: '3.1.0',
    info: { title: 'cartwatch', version },
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'http.api_token, or http.view_token to look' },
        session: { type: 'apiKey', in: 'cookie', name: 'cartwatch_session' },
        intake: { type: 'http', scheme: 'bearer', description: 'http.intake_token' }
      },
      schemas: {
        problem: schemaOf(problem, 'output'),
        // What /api/events sends, by the name of the event.
        ...Object.fromEntries(
          Object.entries(events).map(([name, schema]) => [`event_${name}`, schemaOf(schema, 'output')])
        )
      }
    }
  }
}

function operationOf({ path, summary, needs, query, body, answer, status = 200, otherType }: ApiRoute): Json {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' }
  }))
  return {
    summary,
    security:
      needs === 'anybody' ? [] : needs === 'intake' ? [{ intake: [] }] : [{ token: [] }, { session: [] }],
    parameters: [...parameters, ...(query ? queryParameters(query) : [])],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } }
    }),
    responses: {
      [status]: {
        description: 'done',
        content: {
          ...(otherType !== 'text/event-stream' && {
            'application/json': { schema: schemaOf(answer, 'output') }
          }),
          ...(otherType && { [otherType]: { schema: { type: 'string' } } })
        }
      },
      default: {
        description: 'why not',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/problem' } } }
      }
    }
  }
}

function queryParameters(query: z.ZodType): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    readonly properties?: Readonly<Record<string, Json>>
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: 'query', required: required.includes(name) },
    schema
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return shape
}
