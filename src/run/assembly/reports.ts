import { defaultReceiverOf } from '../../config/receivers.ts'
import { defaultHours, insightsReceivers } from '../../config/reports.ts'
import type { Config } from '../../config/schema.ts'
import { type ReportName, type ReportSettings, reportNames } from '../../report/report.ts'
import type { ReportsSettings } from '../../report/sender.ts'

/** Which reports are due, and who gets them. */
export const reportsSettingsOf = (config: Config): ReportsSettings => ({
  reports: reportNames.filter(name => config.reports[name] !== null).map(name => reportOf(config, name)),
  sending: config.alerts
})

/** One report, whether it is due by itself or not. */
export function reportOf(config: Config, name: ReportName): ReportSettings {
  const { hour = defaultHours[name], timezone = config.timezone, receiver } = config.reports[name] ?? {}
  const insights = insightsReceivers.find(one => name === 'daily' && config.receivers.has(one))
  const common = insights ?? defaultReceiverOf(config.routes, config.groups)
  const receivers = receiver === undefined ? [common].filter(one => one !== null) : [receiver].flat()
  return { name, hour, timezone, receivers }
}
