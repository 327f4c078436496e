import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

type Command = readonly [command: string, ...args: string[]]

/** The command, kept by `taskset` on the last `cores` of the cores that we may use; as it is where there is no `taskset`. */
export function pinnedTo(cores: number | undefined, command: Command): Command {
  if (cores === undefined || !canPin()) return command
  return ['taskset', '--cpu-list', allowedCores().slice(-cores).join(','), ...command]
}

/** Whether processes can be kept on cores here. */
export const canPin = (): boolean => spawnSync('taskset', ['--version']).status === 0

/** Such as `0-1,4` in `/proc/self/status`, which only Linux has, as it alone has `taskset`. */
function allowedCores(): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return list.split(',').flatMap(range => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}
