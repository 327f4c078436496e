import { metricThreshold } from '../../../detectors/kinds/metric-threshold.ts'
import type { ThresholdRule } from '../../../detectors/thresholds/options.ts'
import { defaultCostHours } from '../../config/costs.ts'
import { defaultReceiverOf } from '../../config/receivers.ts'
import { defaultHours, insightsReceivers } from '../../config/reports.ts'
import type { Config } from '../../config/schema.ts'
import type { CostSettings } from '../../report/costs/settings.ts'
import type { ReportsSettings } from '../../report/sender.ts'
import { type DueName, dueNames, type ReportName, type ReportSettings } from '../../report/types.ts'

/** Which reports are due, and who gets them. */
export const reportsSettingsOf = (config: Config): ReportsSettings => ({
  reports: dueNames.filter(name => isOn(config, name)).flatMap(name => reportsOf(config, name)),
  sending: config.alerts
})

function isOn({ reports, costs }: Config, name: DueName): boolean {
  const section = { ...reports, idle: costs.idle, 'cost-summary': costs.summary }
  return section[name] !== null
}

/** A report for each hour that it is due at, whether it is due by itself or not. */
export function reportsOf(config: Config, name: ReportName): readonly ReportSettings[] {
  switch (name) {
    case 'daily':
    case 'digest': {
      const { hour = defaultHours[name], ...rest } = config.reports[name] ?? {}
      return [{ name, hour, ...commonOf(config, rest, name === 'daily') }]
    }
    case 'idle': {
      const { hours = defaultCostHours.idle, ...rest } = config.costs.idle ?? {}
      const common = { ...commonOf(config, rest, true), costs: costsOf(config) }
      return hours.map(hour => ({ name, hour, ...common }))
    }
    case 'cost-summary': {
      const { hour = defaultCostHours.summary, ...rest } = config.costs.summary ?? {}
      const common = { ...commonOf(config, rest, true), costs: costsOf(config) }
      return [{ name, hour, ...common }]
    }
    case 'burn-rate': {
      const { receiver } = config.costs.summary ?? {}
      const common = { ...commonOf(config, { receiver }, true), costs: costsOf(config) }
      return [{ name, hour: 0, ...common, budget: budgetOf(config) }]
    }
    default:
      return name satisfies never
  }
}

function commonOf(
  config: Config,
  { timezone = config.timezone, receiver }: Written,
  isInsight: boolean
): Pick<ReportSettings, 'timezone' | 'receivers' | 'languages'> {
  const insights = insightsReceivers.find(one => isInsight && config.receivers.has(one))
  const common = insights ?? defaultReceiverOf(config.routes, config.groups)
  const receivers = receiver === undefined ? [common].filter(one => one !== null) : [receiver].flat()
  const languages = receivers.flatMap(name => {
    const language = config.receivers.get(name)?.language ?? config.language
    return language === 'en' ? [] : [[name, language] as const]
  })
  return { timezone, receivers, ...(languages.length > 0 && { languages: Object.fromEntries(languages) }) }
}

interface Written {
  readonly timezone?: string | undefined
  readonly receiver?: string | readonly string[] | undefined
}

function costsOf({ costs }: Config): CostSettings {
  const { cost, utilization, resource, gpu, provider, model, idle } = costs
  const rule = idle && { below: idle.below, days: idle.days, raiseSavings: idle.raiseSavings }
  return { cost, utilization, resource, gpu, provider, model, idle: rule }
}

/** The first rule that bounds what all of a local day costs. */
function budgetOf({ costs, detectors }: Config): ThresholdRule | null {
  const isBudget = ({ metric, over, direction, dimension, segment }: ThresholdRule) =>
    metric === costs.cost &&
    over.kind === 'days' &&
    over.days === 1 &&
    direction === 'above' &&
    dimension === undefined &&
    segment === undefined
  return detectors[metricThreshold.kind].rules.find(isBudget) ?? null
}
