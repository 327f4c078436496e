import { mkdir, readdir, rename, rm } from 'node:fs/promises'

/**
 * The folder, filled by `make` where it is not there yet. `make` fills another one, which is moved into place whole: two
 * processes that make it at once do not see half of it.
 */
export async function madeOnce(folder: string, make: (partial: string) => Promise<void>): Promise<string> {
  if (await isFilled(folder)) return folder
  const partial = `${folder}.${process.pid}`
  await mkdir(partial, { recursive: true })
  try {
    await make(partial)
    await rename(partial, folder).catch(async cause => {
      if (!(await isFilled(folder))) throw cause
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  return folder
}

async function isFilled(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => [])
  return names.length > 0
}
