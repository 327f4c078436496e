/** A schema as the registry keeps it, with those that it refers to, before those that refer to them. */
export interface RegisteredSchema {
  readonly kind: 'avro' | 'protobuf' | 'json'
  readonly schema: string
  readonly references: readonly { readonly name: string; readonly schema: string }[]
}

/** Reads what follows the frame's head as a value of JSON; throws where the bytes do not fit the schema. */
export type ReadPayload = (payload: Buffer) => unknown

/** Where the registry is, and how we log in. */
export interface RegistryAccess {
  readonly url: string
  readonly username?: string | undefined
  readonly password?: string | undefined
}

/** Asks for a schema by its id; undefined where there is none. Rejects with a reason where the registry cannot say. */
export type AskRegistry = (id: number) => Promise<RegisteredSchema | undefined>
