import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'

/** Writes beside the file and renames, so that nobody ever reads half of it. Mode and owner stay; a link stays a link. */
export function replaceFile(path: string, text: string): void {
  const target = realpathSync(path)
  const { mode, uid, gid } = statSync(target)
  const draft = `${target}.${process.pid}.new`
  try {
    const file = openSync(draft, 'wx', 0o600)
    try {
      writeFileSync(file, text)
      fchownSync(file, uid, gid)
      fchmodSync(file, mode & 0o7777)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, target)
  } catch (cause) {
    rmSync(draft, { force: true })
    throw cause
  }
}
