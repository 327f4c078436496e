import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A copy of the repository to break, its packages linked. */
export interface Copy {
  readonly dir: string
  remove(): Promise<void>
}

/** Copies what git tracks, as it lies in the working tree. */
export async function copyRepository(root: string): Promise<Copy> {
  const dir = await mkdtemp(join(tmpdir(), 'cartwatch-mutation-'))
  const { stdout } = await run('git', ['ls-files', '-z', '--deduplicate'], { cwd: root, maxBuffer: 1 << 24 })
  const { stdout: deleted } = await run('git', ['ls-files', '-z', '--deleted'], { cwd: root })
  const gone = new Set(deleted.split('\0'))
  for (const file of stdout.split('\0')) {
    if (file === '' || gone.has(file)) continue
    await mkdir(dirname(join(dir, file)), { recursive: true })
    await copyFile(join(root, file), join(dir, file))
  }
  // Each package by itself: what tools keep beside the packages must not be shared.
  await mkdir(join(dir, 'node_modules'))
  for (const name of await readdir(join(root, 'node_modules'))) {
    const isPackage = !name.startsWith('.') || name === '.bin'
    if (isPackage) await symlink(join(root, 'node_modules', name), join(dir, 'node_modules', name))
  }
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}

/** Applies a patch to the copy, or takes it back; false where it does not fit. */
export async function applyPatch({ dir }: Copy, patch: string, back = false): Promise<boolean> {
  try {
    await run('git', ['apply', ...(back ? ['-R'] : []), patch], {
      cwd: dir,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() }
    })
    return true
  } catch {
    return false
  }
}
