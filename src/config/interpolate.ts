/** A variable's value, or why it can't be had; an empty one counts as unset. An unneeded one cannot be had, and is not used. */
type Variable =
  | { readonly value: string | undefined }
  | { readonly problem: string }
  | { readonly unneeded: true }
export type LookUp = (name: string) => Variable

/** Replaces `${NAME}` and `${NAME:-default}`; `$$` stands for one dollar sign. `isOpen`: an unneeded variable is missing. */
export function interpolate(source: string, lookUp: LookUp) {
  const names: string[] = []
  const problems: string[] = []
  let isOpen = false
  const text = source.replace(/\$\$|\$\{([^}]*)(\}?)/g, (found, inner: string | undefined, end: string) => {
    if (inner === undefined) return '$'
    const match = end ? /^([A-Za-z_]\w*)(?::-([\s\S]*))?$/.exec(inner) : null
    if (!match || match[2]?.includes('${')) {
      problems.push(
        `contains a \${ that is ${end ? 'malformed' : 'not closed'}; expected \${NAME} or \${NAME:-default}, or $\${ for a literal \${`
      )
      return found
    }
    const name = match[1] as string
    names.push(name)
    const variable = lookUp(name)
    if ('problem' in variable) problems.push(variable.problem)
    else if ('value' in variable && variable.value !== undefined) return variable.value
    else if (match[2] !== undefined) return match[2]
    else if ('unneeded' in variable) isOpen = true
    else problems.push(`the environment variable ${name} is not set; set it, or write \${${name}:-default}`)
    return ''
  })
  return { text, names, problems, isOpen }
}
