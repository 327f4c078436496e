import type { Loaded } from '../../config/load.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'

/** A change is found this long after it at most, and one that goes on is waited for. */
const everyMs = 5_000

export interface SecretFilesOptions {
  readonly current: () => Pick<Loaded, 'secretFiles'>
  readonly readFile: (path: string) => string
  readonly reload: () => void
  readonly clock: Pick<Clock, 'sleep'>
  readonly log: Logger
}

/**
 * Looks at the files that `NAME_FILE` variables name and reloads when one has changed. Looking at the content works where
 * events of the file system do not: mounted secrets, links that are exchanged, network drives. A file is reloaded once it
 * reads the same twice in a row, and a content that was refused is not tried again.
 */
export async function watchSecretFiles(options: SecretFilesOptions): Promise<never> {
  const { current, readFile, reload, clock, log } = options
  /** Undefined where it cannot be read now. */
  const read = (path: string): string | undefined => {
    try {
      return readFile(path)
    } catch {
      return undefined
    }
  }
  const tried = new Map<string, string | undefined>()
  let seen = new Map<string, string | undefined>()
  while (true) {
    await clock.sleep(everyMs)
    const { secretFiles } = current()
    const now = new Map([...secretFiles.keys()].map(path => [path, read(path)]))
    const wasTried = (path: string) => tried.has(path) && tried.get(path) === now.get(path)
    const changed = [...secretFiles].filter(([path, text]) => now.get(path) !== text && !wasTried(path))
    const isSettled = changed.every(([path]) => seen.has(path) && seen.get(path) === now.get(path))
    seen = now
    if (changed.length === 0 || !isSettled) continue
    log.info({ files: changed.map(([path]) => path) }, 'files of secrets have changed: reloading')
    for (const [path] of changed) tried.set(path, now.get(path))
    reload()
  }
}
