import type { Origin, Settings } from './document.ts'
import { pathText } from './errors.ts'
import type { LookUp } from './interpolate.ts'
import { defaultReceivers, defaultRoutes, fromVariables } from './receivers-from-env.ts'
import { insightsReceivers } from './reports.ts'
import { type Note, noteOf } from './rules/note.ts'
import { onOff } from './schema-parts.ts'

export const receiverVariables: readonly string[] = fromVariables.flatMap(({ needed, optional }) => [
  ...Object.values(needed),
  ...Object.values(optional)
])

/** A receiver that the environment could describe, and the variables that it lacks. */
export interface AbsentReceiver {
  readonly name: string
  readonly type: string
  readonly missing: readonly string[]
}

interface FilledReceivers {
  /** For each variable that is set and leads nowhere. */
  readonly notes: readonly Note[]
  /** None where the file names the receivers. */
  readonly absent: readonly AbsentReceiver[]
}

/**
 * Where the file names no receivers, the environment's are taken, and its routes where the file has none of those
 * either.
 */
export function fillReceivers(settings: Settings, lookUp: LookUp): FilledReceivers {
  const { value, origins, errors } = settings
  const env: Record<string, string> = {}
  for (const name of receiverVariables) {
    const found = lookUp(name)
    if ('problem' in found) {
      errors.push({
        place: `environment variable ${name}`,
        path: 'receivers',
        message: found.problem,
        rule: 'unresolved-variable'
      })
    } else if ('value' in found && found.value !== undefined) env[name] = found.value
  }
  const used = new Set([...origins.values()].flatMap(origin => origin.variables))
  if (value['receivers'] !== undefined) {
    const ignored = Object.keys(env).filter(name => !used.has(name))
    const why = `is ignored: ${placeOf(origins, 'receivers')} sets the receivers`
    return { notes: ignored.map(name => ignoredNote(name, `${name} ${why}`)), absent: [] }
  }
  const notes: Note[] = []
  const routes = value['routes'] ?? defaultRoutes(env, copiesCritical(value))
  const receivers = defaultReceivers(env)
  const fallbacks = Object.values(receivers).map(({ fallback }) => fallback)
  const named = new Set([...namesIn(routes), ...fallbacks, ...escalatedTo(value), ...reportedTo(value)])
  for (const { name, type, needed, optional } of fromVariables) {
    const keys = Object.entries({ ...needed, ...optional }).filter(([, variable]) => env[variable])
    const [first] = keys.map(([, variable]) => variable)
    if (first === undefined) continue
    if (receivers[name] === undefined) {
      const missing = Object.values(needed).filter(variable => !env[variable])
      notes.push(
        ignoredNote(first, `${first} is set, but the receiver ${name} also needs ${missing.join(' and ')}`)
      )
    } else if (type !== 'heartbeat' && !named.has(name)) {
      delete receivers[name]
      const hint = insightsReceivers.includes(name)
        ? ', and reports.daily is off (DAILY_SUMMARY_HOUR sets it)'
        : ''
      notes.push(ignoredNote(first, `${first} is set, but no route leads to its receiver ${name}${hint}`))
    } else {
      origins.set(pathText(['receivers', name]), originOf(first))
      for (const [key, variable] of keys) origins.set(pathText(['receivers', name, key]), originOf(variable))
    }
  }
  value['receivers'] = receivers
  value['routes'] = routes
  const absent = fromVariables.flatMap(({ name, type, needed }) => {
    const missing = Object.values(needed).filter(variable => !env[variable])
    return missing.length > 0 ? [{ name, type, missing }] : []
  })
  return { notes, absent }
}

const ignoredNote = (name: string, text: string): Note =>
  noteOf('ignored-variable', text, `environment variable ${name}`)

/** As the schema reads it, which comes later. */
function copiesCritical({ alerting }: Settings['value']): boolean {
  const written: unknown = Reflect.get(Object(alerting), 'copy_critical')
  return onOff.safeParse(written).data ?? false
}

/** All that reports may go to; nobody where there are none. */
function reportedTo({ reports, costs }: Settings['value']): readonly unknown[] {
  const written = (section: unknown, key: string): unknown => Reflect.get(Object(section), key)
  const insights = [written(reports, 'daily'), written(costs, 'idle'), written(costs, 'summary')]
  const isOn = insights.some(report => typeof report === 'object' && report !== null)
  const named = [...insights, written(reports, 'digest')].flatMap(report =>
    [written(report, 'receiver')].flat()
  )
  return [...(isOn ? insightsReceivers : []), ...named]
}

/** All that levels of escalations name. */
const escalatedTo = ({ escalations }: Settings['value']): readonly unknown[] =>
  Object.values(Object(escalations))
    .flat()
    .flatMap(level => Reflect.get(Object(level), 'receivers'))

/** All that routes name, in a list or in a preset. */
function namesIn(routes: unknown): unknown[] {
  const named = Array.isArray(routes)
    ? routes.flatMap(route => [route?.receiver, route?.default])
    : Object.values(Object(routes))
  return named.flat()
}

const originOf = (variable: string): Origin => ({
  place: `environment variable ${variable}`,
  variables: [variable],
  plain: true
})

function placeOf(origins: Settings['origins'], path: string): string {
  const origin = origins.get(path)
  return (origin?.key ?? origin)?.place ?? 'the file'
}
