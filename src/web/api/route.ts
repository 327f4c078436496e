import type { z } from 'zod'
import type { Role } from './session.ts'

/** A way to ask the API, with all that its users have to know of it. */
export interface ApiRoute<Query extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With its parameters in braces, as in `/api/incidents/{id}`. */
  readonly path: string
  /** One line. */
  readonly summary: string
  /** What it takes to ask; `anybody` needs no sign-in, and `intake` has a token of its own. */
  readonly needs: Role | 'anybody' | 'intake'
  readonly query?: Query
  /** Of JSON. */
  readonly body?: z.ZodType
  readonly answer: Answer
  /** Of the answer; 200 where left out. */
  readonly status?: 200 | 201 | 202
  /** What else it can answer with than JSON. */
  readonly otherType?: 'text/csv' | 'text/event-stream'
}

export const route = <Query extends z.ZodType, Answer extends z.ZodType>(
  one: ApiRoute<Query, Answer>
): ApiRoute<Query, Answer> => one
