import { nobody, type Receiver, type RouteConfig } from './alerting.ts'

/** A mistake that only shows when receivers and routes are seen together. */
export interface RoutingIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Checks routes against receivers; empty where all is well. Without any receiver there need be no route. */
export function checkRouting(
  receivers: ReadonlyMap<string, Receiver>,
  routes: readonly RouteConfig[]
): RoutingIssue[] {
  const issues: RoutingIssue[] = []
  const names = [...receivers.keys()]
  const known = names.length ? `there are ${names.join(', ')}` : 'there are none'
  for (const [index, route] of routes.entries()) {
    const toNobody = route.receiver === nobody && matchesAll(route)
    if (!receivers.has(route.receiver) && !toNobody) {
      const message = `no receiver is named ${route.receiver}; ${known}`
      issues.push({ path: ['routes', index, 'receiver'], message })
    }
    if (index < routes.length - 1 && matchesAll(route) && !route.continues) {
      issues.push({
        path: ['routes', index],
        message:
          'matches everything, so the routes behind it are never reached; put it last or let it continue'
      })
    }
  }
  const last = routes.at(-1)
  if ((receivers.size > 0 || routes.length > 0) && !(last && matchesAll(last))) {
    issues.push({ path: ['routes'], message: 'a default route is required: end with - default: RECEIVER' })
  }
  for (const name of names) {
    if (!routes.some(({ receiver }) => receiver === name)) {
      issues.push({ path: ['receivers', name], message: 'no route leads to this receiver' })
    }
    const double = names.find(other => other < name && other.toLowerCase() === name.toLowerCase())
    if (double !== undefined) {
      issues.push({
        path: ['receivers', name],
        message: `differs from ${double} only in upper and lower case`
      })
    }
  }
  return issues
}

const matchesAll = ({ match: { kinds, severities, segments } }: RouteConfig): boolean =>
  kinds === null && severities === null && segments === null

/** Why no alert will reach anybody; undefined where there is somebody to tell. */
export function whySilent({ alerts, receivers }: Silenceable): string | undefined {
  if (!alerts) return 'alerts: off: what is found is stored and printed, and nobody is told'
  if (receivers.size > 0) return undefined
  return 'there is no receiver: what is found is stored and printed, and nobody is told; SLACK_WEBHOOK_URL alone is enough'
}

interface Silenceable {
  readonly alerts: boolean
  readonly receivers: ReadonlyMap<string, Receiver>
}

/** The receiver of the default route, which also gets what others refuse for good; null where there is none. */
export function defaultReceiverOf(routes: readonly RouteConfig[]): string | null {
  const last = routes.at(-1)
  return last && matchesAll(last) && last.receiver !== nobody ? last.receiver : null
}
