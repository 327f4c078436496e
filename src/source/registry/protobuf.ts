import protobuf from 'protobufjs'
import type { ReadPayload, RegisteredSchema } from './types.ts'

/** Reads a message that is preceded by its place in the schema. Throws where the schema is none. */
export function createReadProtobuf({ schema, references }: RegisteredSchema): ReadPayload {
  const root = new protobuf.Root()
  const main = protobuf.parse(schema, root, { keepCase: true })
  // Behind the schema itself: messages are counted in its own order.
  for (const reference of references) protobuf.parse(reference.schema, root, { keepCase: true })
  const imported = [
    main.imports,
    ...references.map(({ schema: text }) => protobuf.parse(text, { keepCase: true }).imports)
  ]
  for (const name of imported.flatMap(names => names ?? [])) {
    const common = protobuf.common.get(name)
    if (common?.nested !== undefined) root.addJSON(common.nested)
  }
  root.resolveAll()
  const scope = main.package === undefined ? root : root.lookup(main.package)
  return function readMessage(bytes) {
    const reader = protobuf.Reader.create(bytes)
    const type = messageAt(scope, placeOf(reader))
    return type.toObject(type.decode(reader), { longs: String, enums: String, bytes: String, defaults: true })
  }
}

/** Indexes from the outermost message to the innermost; one zero byte is short for the first message. */
function placeOf(reader: protobuf.Reader): readonly number[] {
  const count = reader.sint32()
  if (count === 0) return [0]
  if (count < 0 || count > 32) throw new Error('the message indexes are none')
  return Array.from({ length: count }, () => reader.sint32())
}

function messageAt(scope: protobuf.ReflectionObject | null, place: readonly number[]): protobuf.Type {
  let found = scope
  for (const index of place) {
    const inner: readonly protobuf.ReflectionObject[] =
      found instanceof protobuf.Namespace ? found.nestedArray : []
    found = inner.filter(one => one instanceof protobuf.Type)[index] ?? null
  }
  if (!(found instanceof protobuf.Type)) throw new Error(`the schema has no message ${place.join('.')}`)
  return found
}
