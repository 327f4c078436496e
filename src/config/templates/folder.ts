import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { templateLimits } from '../../channel/template/limits.ts'
import { reason } from '../environment.ts'

export interface TemplateFolder {
  /** The texts of `*.liquid`, by their names within the folder. */
  readonly files: ReadonlyMap<string, string>
  /** What cannot be used: the file, or the folder itself, and why. */
  readonly problems: readonly { readonly file: string; readonly message: string }[]
}

export type ReadTemplates = (folder: string) => TemplateFolder

/** Folders within folders. */
const deepest = 5

/**
 * Reads all templates of a folder, so that none is opened later. A link is followed where it ends within the folder, as
 * mounted configuration has them.
 */
export function readTemplates(folder: string): TemplateFolder {
  const files = new Map<string, string>()
  const problems: { file: string; message: string }[] = []
  let root: string
  let length = 0
  try {
    root = realpathSync(folder)
    for (const path of pathsIn(root, 0)) {
      const name = relative(root, path).replaceAll(sep, '/')
      const text = attempt(() => readWithin(root, path))
      if (text.kind === 'failed') problems.push({ file: join(folder, name), message: text.message })
      else files.set(name, text.text)
      if (text.kind === 'read') length += text.text.length
      const beyond = beyondLimits(files.size, length)
      if (beyond === undefined) continue
      problems.push({ file: folder, message: beyond })
      break
    }
  } catch (cause) {
    problems.push({ file: folder, message: `can't be read (${reason(cause)})` })
  }
  return { files, problems }
}

function beyondLimits(count: number, length: number): string | undefined {
  if (count > templateLimits.files) return `has more than ${templateLimits.files} templates`
  return length > templateLimits.folder
    ? `has templates of more than ${templateLimits.folder} characters`
    : undefined
}

/** In the order of their names. What begins with a dot is none. */
function pathsIn(folder: string, depth: number): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
  return entries.flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return depth < deepest ? pathsIn(path, depth + 1) : []
    return isTemplate(entry) ? [path] : []
  })
}

const isTemplate = (entry: Dirent): boolean =>
  entry.name.endsWith('.liquid') && (entry.isFile() || entry.isSymbolicLink())

type Attempt =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'failed'; readonly message: string }

function attempt(read: () => Attempt): Attempt {
  try {
    return read()
  } catch (cause) {
    return { kind: 'failed', message: `can't be read (${reason(cause)})` }
  }
}

function readWithin(root: string, path: string): Attempt {
  const real = realpathSync(path)
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep))
    return { kind: 'failed', message: 'leads out of the folder of templates' }
  const stats = statSync(real)
  if (!stats.isFile()) return { kind: 'failed', message: 'is no file' }
  if (stats.size > templateLimits.file)
    return { kind: 'failed', message: `has ${stats.size} bytes, of ${templateLimits.file}` }
  const text = readFileSync(real, 'utf8')
  return text.includes('\ufffd')
    ? { kind: 'failed', message: 'is not text in UTF-8' }
    : { kind: 'read', text: text.replace(/^\ufeff/, '') }
}
