import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Tenant } from './tenant-files.ts'
import type { Child } from './tenant-process.ts'

const main = fileURLToPath(new URL('../cartwatch.js', import.meta.url))

/**
 * `cartwatch run` of one tenant in a process of its own, with nothing but its own environment. It writes to our outputs itself,
 * and has a process group of its own, so that Ctrl-C reaches it through us alone.
 */
export function startProcess({ configPath, env }: Tenant): Child {
  const child = spawn(process.execPath, [...process.execArgv, main, 'run', '--config', configPath], {
    env: { ...env },
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc']
  })
  const ended = new Promise<string>(resolve => {
    child.on('error', error => resolve(error.message))
    child.on('exit', (code, signal) => resolve(howOf(code, signal)))
  })
  return {
    pid: child.pid,
    ended,
    onMessage: listener => void child.on('message', listener),
    // The channel may have closed: then `ended` tells.
    send: question => void child.send(question, () => {}),
    kill: signal => void child.kill(signal)
  }
}

const howOf = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `its process ended with code ${code}` : `its process was ended by ${signal}`
