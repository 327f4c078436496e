import type { Settings } from './document.ts'
import { type ConfigError, pathText } from './errors.ts'
import type { LookUp } from './interpolate.ts'
import { defaultReceivers, defaultRoutes } from './receivers-from-env.ts'

export const receiverVariables = [
  'SLACK_WEBHOOK_URL',
  'SLACK_WEBHOOK_CRITICAL',
  'SLACK_WEBHOOK_REVENUE',
  'SLACK_WEBHOOK_TECHNICAL',
  'PAGERDUTY_INTEGRATION_KEY'
] as const

/**
 * Where the file names no receivers, the environment's are taken, and its routes where the file has none of those
 * either. Gives a warning for each variable that is set and leads nowhere.
 */
export function fillReceivers(settings: Settings, lookUp: LookUp): string[] {
  const { value, origins, errors } = settings
  const env: Record<string, string> = {}
  for (const name of receiverVariables) {
    const found = lookUp(name)
    if ('problem' in found) errors.push(refused(name, found.problem))
    else if (found.value !== undefined) env[name] = found.value
  }
  const used = new Set([...origins.values()].flatMap(origin => origin.variables))
  if (value['receivers'] !== undefined) {
    return Object.keys(env)
      .filter(name => !used.has(name))
      .map(name => `${name} is set, but ${placeOf(origins, 'receivers')} names the receivers, which wins`)
  }
  const warnings: string[] = []
  const routes = value['routes'] ?? defaultRoutes(env)
  const receivers = defaultReceivers(env)
  const named = new Set(
    Array.isArray(routes) ? routes.flatMap(route => [route?.receiver, route?.default]) : []
  )
  for (const [name, receiver] of Object.entries(receivers)) {
    const secret = 'webhook_url' in receiver ? receiver.webhook_url : receiver.integration_key
    const variable = Object.keys(env).find(key => env[key] === secret) ?? name
    if (named.has(name)) {
      const origin = { place: `environment variable ${variable}`, variables: [variable], plain: false }
      origins.set(pathText(['receivers', name]), origin)
    } else {
      delete receivers[name]
      warnings.push(`${variable} is set, but no route leads to its receiver ${name}`)
    }
  }
  value['receivers'] = receivers
  value['routes'] = routes
  return warnings
}

function refused(name: string, message: string): ConfigError {
  return { place: `environment variable ${name}`, path: 'receivers', message }
}

function placeOf(origins: Settings['origins'], path: string): string {
  const origin = origins.get(path)
  return (origin?.key ?? origin)?.place ?? 'the file'
}
