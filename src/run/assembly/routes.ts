import type { RouteConfig } from '../../config/routes.ts'
import type { Config } from '../../config/schema.ts'
import type { IncidentsSettings } from '../../incident/incidents.ts'
import { digestedSeverity } from '../../report/digest.ts'
import { createRouting, noGroups, type Routing, type RoutingContext } from '../../routing/router.ts'

/** The routes of a configuration, and where they lead for a pipeline: the configured one where none is named. */
export interface ConfiguredRoutes {
  readonly routes: readonly RouteConfig[]
  readonly groups: Config['groups']
  readonly routingOf: (pipeline?: string) => Routing
}

export const configuredRoutesOf = (config: Config): ConfiguredRoutes => ({
  routes: config.routes,
  groups: config.groups,
  routingOf: (pipeline = config.pipeline) =>
    createRouting(
      config.routes,
      config.receivers,
      { ...contextOf(config), pipeline },
      {
        ...noGroups,
        groups: config.groups
      }
    )
})

/** By what incidents are opened, notified and routed. */
export const incidentsSettingsOf = (config: Config, loadOf = noGroups.loadOf): IncidentsSettings => ({
  rules: { ...config.alerting, serviceResolveAfterMs: config.intake.resolveAfterMs },
  routes: config.routes,
  receivers: config.receivers,
  context: contextOf(config),
  groups: { groups: config.groups, loadOf },
  sending: config.alerts
})

const contextOf = ({
  pipeline,
  labels,
  alerting,
  timeIntervals,
  reports,
  escalations
}: Config): RoutingContext => ({
  pipeline,
  labels,
  labelsOfKinds: alerting.labelsOfKinds,
  intervals: timeIntervals,
  escalations,
  digested: reports.digest === null ? undefined : digestedSeverity
})
