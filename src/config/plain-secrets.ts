import type { Settings } from './document.ts'
import { eachLeaf } from './effective.ts'
import { pathText } from './errors.ts'
import { type Note, noteAt } from './rules/note.ts'
import { maskingOf } from './secrets.ts'

/** A warning for each secret that is written in the file itself. */
export function plainSecretNotes({ value, origins }: Settings): Note[] {
  const notes: Note[] = []
  eachLeaf(value, (inner, path) => {
    const origin = origins.get(pathText(path))
    if (
      typeof inner !== 'string' ||
      inner === '' ||
      !origin?.line ||
      origin.variables.length ||
      origin.isEncrypted
    )
      return
    if (!isSecret(path, value)) return
    notes.push(
      noteAt(
        origins,
        'plain-secret',
        path,
        `${origin.place}: ${pathText(path)} is a secret in plain text: put it into an environment variable and write \${NAME} here, or encrypt it with \`cartwatch secrets encrypt\``
      )
    )
  })
  return notes
}

/** What is masked, but for the addresses of services that anybody may know. */
function isSecret(path: readonly (string | number)[], value: Settings['value']): boolean {
  if (maskingOf(path) === 'open') return false
  const [section, name, key] = path
  if (section !== 'receivers' || key !== 'url') return true
  const receiver: unknown = Reflect.get(Object(value['receivers']), String(name))
  return Reflect.get(Object(receiver), 'type') !== 'pagerduty'
}
