import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/cartwatch.js', import.meta.url))

/** A line of a program's log. */
export type Line = Readonly<Record<string, unknown>> & { readonly msg?: string; readonly time?: string }

/** `cartwatch run` in a process of its own. */
export interface Instance {
  /** Resolves with the first line that is looked for, among those so far or to come. */
  line(isIt: (line: Line) => boolean): Promise<Line>
  readonly log: readonly Line[]
  kill(): Promise<void>
}

export async function startInstance(path: string, config: object): Promise<Instance> {
  await writeFile(path, JSON.stringify(config))
  const child: ChildProcess = spawn(process.execPath, [main, 'run', '--config', path], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const log: Line[] = []
  const waiting = new Set<(line: Line) => void>()
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', text => {
      const line = JSON.parse(text) as Line
      log.push(line)
      for (const see of waiting) see(line)
    })
  const ended = once(child, 'exit')
  return {
    log,
    line: isIt =>
      new Promise((resolve, reject) => {
        const found = log.find(isIt)
        if (found !== undefined) return resolve(found)
        void ended.then(() => reject(new Error(`${path} has ended: ${JSON.stringify(log.at(-1))}`)))
        const see = (line: Line) => {
          if (!isIt(line)) return
          waiting.delete(see)
          resolve(line)
        }
        waiting.add(see)
      }),
    async kill() {
      child.kill('SIGKILL')
      await ended
    }
  }
}
