import { defaultReceiverOf } from '../../config/receivers.ts'
import { defaultHour, insightsReceivers } from '../../config/reports.ts'
import type { Config } from '../../config/schema.ts'
import type { DailyReportSettings, ReportSettings } from '../../report/sender.ts'

/** Which reports are due, and who gets them. */
export const reportSettingsOf = (config: Config): ReportSettings => ({
  daily: config.reports.daily === null ? null : dailyReportOf(config),
  sending: config.alerts
})

/** The daily report, whether it is due by itself or not. */
export function dailyReportOf(config: Config): DailyReportSettings {
  const { hour = defaultHour, timezone = config.timezone, receiver } = config.reports.daily ?? {}
  const insights = insightsReceivers.find(name => config.receivers.has(name))
  const common = insights ?? defaultReceiverOf(config.routes, config.groups)
  const receivers = receiver === undefined ? [common].filter(name => name !== null) : [receiver].flat()
  return { hour, timezone, receivers }
}
