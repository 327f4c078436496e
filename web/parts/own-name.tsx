import { session } from '../api/client.ts'

/** A field for who it is, where nobody signed in. */
export function OwnName() {
  const who = session.value
  if (who !== null && who !== 'signed_out' && who.name !== null) return null
  return (
    <label>
      Your name
      <input name="by" required maxLength={100} autocomplete="name" defaultValue={rememberedName()} />
    </label>
  )
}

/** Of the field for it; undefined where somebody signed in. */
export function nameIn(form: HTMLFormElement): string | undefined {
  if (form.elements.namedItem('by') === null) return undefined
  const given = textIn(form, 'by')
  rememberName(given)
  return given
}

/** What a field of a form says. */
export function textIn(form: HTMLFormElement, name: string): string {
  const given = new FormData(form).get(name)
  return typeof given === 'string' ? given : ''
}

const key = 'cartwatch.name'

/** The name that was given last in this browser. A browser may keep nothing. */
export function rememberedName(): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

function rememberName(name: string): void {
  try {
    localStorage.setItem(key, name)
  } catch {
    // Then it is asked for again.
  }
}
