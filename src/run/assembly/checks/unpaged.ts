import { kinds } from '../../../../detectors/catalogue.ts'
import type { Loaded } from '../../../config/load.ts'
import { type Note, noteAt } from '../../../config/rules/note.ts'
import type { Config } from '../../../config/schema.ts'
import type { Subject } from '../../../routing/matchers.ts'
import { createIntervalCheck } from '../../../routing/time-intervals.ts'
import { configuredRoutesOf } from '../routes.ts'
import { decisiveMoments } from './moments.ts'

/** Kinds whose critical incidents, on the whole shop, go to no pager at some hour: neither at once nor by an escalation. */
export function unpagedNotes({ config, given }: Pick<Loaded, 'config' | 'given'>, nowMs: number): Note[] {
  const isPaged = pagingOf(config)
  const moments = decisiveMoments(config.timeIntervals, nowMs)
  const byMoment = new Map<number, string[]>()
  for (const { kind } of kinds) {
    const moment = moments.find(atMs => !isPaged({ kind, severity: 'critical', segment: 'all' }, atMs))
    if (moment !== undefined) byMoment.set(moment, [...(byMoment.get(moment) ?? []), kind])
  }
  return [...byMoment].map(([atMs, unpaged]) => {
    const named = unpaged.length === kinds.length ? '' : ` of ${unpaged.join(', ')}`
    const when = atMs === moments[0] && !hasHours(config) ? '' : `, for example at ${localTime(config, atMs)}`
    const text = `routes lead critical incidents${named} to no pager${when}`
    return noteAt(given.origins, 'critical-without-pager', ['routes'], text)
  })
}

/** A group pages only where each of its members does. */
function pagingOf(config: Config) {
  const { receivers, groups } = config
  const routing = configuredRoutesOf(config).routingOf()
  const isPager = (name: string): boolean =>
    receivers.get(name)?.type === 'pagerduty' ||
    (groups.get(name)?.members.every(({ receiver }) => isPager(receiver)) ?? false)
  return function isPaged(subject: Subject, atMs: number): boolean {
    if (routing.names(subject, atMs).some(isPager)) return true
    const levels = routing.levelsOf(routing.policyOf(subject, atMs) ?? '')
    return levels.some(
      level => !level.onlyIfUndelivered && level.receivers.some(isPager) && routing.isWithin(level.when, atMs)
    )
  }
}

const hasHours = ({ timeIntervals }: Config): boolean => timeIntervals.size > 0

const localTime = ({ timezone }: Config, atMs: number): string =>
  createIntervalCheck({ timezone, times: [] }).localTime(atMs)
