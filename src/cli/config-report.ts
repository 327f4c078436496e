import type { Loaded, Refused } from '../config/load.ts'
import { type Finding, findingOf } from '../config/rules/findings.ts'
import { type Level, ruleOf } from '../config/rules/rules.ts'
import { checkLoaded } from '../run/assembly/checks/check.ts'
import type { ConnectionCheck } from '../run/assembly/checks/connections.ts'
import { versioned } from '../store/tables/json-version.ts'
import type { Terminal } from './terminal.ts'

/** What a level says of a configuration. */
export interface CheckReport {
  readonly file: string
  readonly level: Level
  readonly isValid: boolean
  /** Null where it cannot be loaded. */
  readonly hash: string | null
  readonly findings: readonly Finding[]
  /** Absent where nothing was asked. */
  readonly connections?: readonly ConnectionCheck[] | undefined
}

interface Checked extends Pick<CheckReport, 'file' | 'level' | 'connections'> {
  readonly loaded: Loaded | Refused
  readonly nowMs: number
}

export function reportOf({ loaded, file, level, connections, nowMs }: Checked): CheckReport {
  const said = loaded.ok ? checkLoaded(loaded, level, nowMs) : loaded.errors.map(findingOf)
  const findings = [...said, ...(connections ?? []).flatMap(lostConnection)]
  return {
    file,
    level,
    isValid: findings.every(({ as }) => as !== 'error'),
    hash: loaded.ok ? loaded.hash : null,
    findings,
    connections
  }
}

function lostConnection({ path, isReached, answer }: ConnectionCheck): Finding[] {
  if (isReached) return []
  const rule = 'connection-failed'
  const nowhere = { place: null, line: null, column: null }
  return [{ rule, as: 'error', ...nowhere, path, message: answer, remedy: ruleOf(rule).remedy }]
}

/** docs/configuration.md lists the fields. */
export function reportJson({ file, level, isValid, hash, findings, connections }: CheckReport): string {
  const those = (wanted: Finding['as']) =>
    findings.filter(({ as }) => as === wanted).map(({ as: _, ...finding }) => finding)
  const asked = connections?.map(({ path, isReached, answer }) => ({ path, is_reached: isReached, answer }))
  return JSON.stringify(
    versioned({
      file,
      level,
      is_valid: isValid,
      hash,
      errors: those('error'),
      warnings: those('warning'),
      recommendations: those('recommendation'),
      ...(asked && { connections: asked })
    }),
    null,
    2
  )
}

/** A line each: the place, what is wrong, and the rule. Connections have lines of their own. */
export function sayFindings({ findings }: CheckReport, { complain }: Pick<Terminal, 'complain'>): void {
  for (const { rule, as, place, path, message } of findings) {
    if (rule === 'connection-failed') continue
    const sentence = [place, path, message].filter(part => part !== null).join(': ')
    complain(`${as === 'error' ? '' : `${as}: `}${sentence} [${rule}]`)
  }
}
