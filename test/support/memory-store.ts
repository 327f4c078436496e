import type { Anomaly, JudgedWindow } from '../../detectors/types.ts'
import type { AuditRow } from '../../src/audit/row.ts'
import type { Change } from '../../src/incident/changes.ts'
import { latestLabels } from '../../src/incident/labels.ts'
import { kindsOf } from '../../src/incident/one-cause.ts'
import { rateKeyOf, type ServiceAlert } from '../../src/incident/service-alert.ts'
import type { NotificationRecord, OperatorAction, StoredIncident } from '../../src/incident/types.ts'
import type { WindowMetrics } from '../../src/metrics/types.ts'
import { matchesAny, type Subject } from '../../src/routing/matchers.ts'
import { StoreError } from '../../src/store/errors.ts'
import { viewOfAnomaly } from '../../src/store/tables/anomalies.ts'
import type { Recommendation } from '../../src/store/tables/recommendations.ts'
import type { SeriesKey, SeriesStep } from '../../src/store/tables/series.ts'
import { measuredIn } from '../../src/store/tables/window-versions.ts'
import type { LearnedCurrency, Patterns, Store } from '../../src/store/types.ts'
import type { Segment } from '../../src/window/segment.ts'

/** A store in memory that can go away, and that keeps the order of what was written. */
export interface MemoryStore extends Store {
  /** While true every call rejects. */
  isDown: boolean
  /** While set, reads of windows wait for it. */
  hold: Promise<void> | undefined
  /** Tables as they were written to, with the number of rows. */
  readonly writes: readonly string[]
  readonly windowRows: ReadonlyMap<number, WindowMetrics>
  readonly anomalyRows: ReadonlyMap<string, Anomaly>
  readonly incidentRows: ReadonlyMap<string, StoredIncident>
  readonly notificationRows: ReadonlyMap<string, NotificationRecord>
  readonly auditLog: readonly AuditRow[]
  readonly recommendationRows: ReadonlyMap<string, Recommendation>
  /** What earlier runs left behind. */
  put(windows: readonly WindowMetrics[]): void
}

export function createMemoryStore(): MemoryStore {
  const writes: string[] = []
  const windowRows = new Map<number, WindowMetrics>()
  const anomalyRows = new Map<string, Anomaly>()
  const incidentRows = new Map<string, StoredIncident>()
  const notificationRows = new Map<string, NotificationRecord>()
  const actionRows = new Map<string, OperatorAction>()
  const changeRows = new Map<string, Change>()
  const serviceAlertRows = new Map<string, ServiceAlert>()
  const auditLog: AuditRow[] = []
  const recommendationRows = new Map<string, Recommendation>()
  let learned: LearnedCurrency | undefined

  async function reachable(): Promise<void> {
    if (own.isDown) throw new StoreError('UNREACHABLE', 'the store is away', { retryable: true })
  }

  function put(windows: readonly WindowMetrics[]): void {
    for (const window of windows) {
      const before = windowRows.get(window.start)
      if (before === undefined || window.records >= before.records) windowRows.set(window.start, window)
    }
  }

  async function insert<T>(table: string, rows: readonly T[], write: (row: T) => void): Promise<void> {
    await reachable()
    writes.push(`${table} ${rows.length}`)
    for (const row of rows) write(row)
  }

  const own: MemoryStore = {
    isDown: false,
    hold: undefined,
    writes,
    windowRows,
    anomalyRows,
    incidentRows,
    notificationRows,
    auditLog,
    recommendationRows,
    put,
    async migrate() {
      await reachable()
      return []
    },
    ping: reachable,
    insertWindows: (_pipeline, windows) => insert('windows', windows, window => put([window])),
    insertAnomalies: rows => insert('anomalies', rows, row => anomalyRows.set(row.id, row)),
    insertIncidents: rows => insert('incidents', rows, row => incidentRows.set(row.id, row)),
    insertNotifications: rows =>
      insert('notifications', rows, row => {
        const before = notificationRows.get(row.id)
        if (before === undefined || row.updatedAt >= before.updatedAt) notificationRows.set(row.id, row)
      }),
    async windows(_pipeline, fromMs, toMs, _segmentMetrics, which = 'complete') {
      await reachable()
      await own.hold
      return [...windowRows.values()]
        .filter(({ start, complete }) => (complete || which === 'all') && start >= fromMs && start < toMs)
        .sort((a, b) => a.start - b.start)
    },
    async orders(_pipeline, fromMs, toMs) {
      await reachable()
      return [...windowRows.values()]
        .filter(({ start, end }) => start >= fromMs && end <= toMs)
        .sort((a, b) => a.start - b.start)
        .flatMap(({ start, orders }) => (orders === undefined ? [] : { start, keys: orders.keys }))
    },
    async storedWindows(_pipeline, fromMs, toMs) {
      await reachable()
      const within = [...windowRows.values()].filter(({ start }) => start >= fromMs && start < toMs)
      return new Map(
        within.map(window => [
          window.start,
          { records: window.records, complete: window.complete, measured: measuredIn(window) }
        ])
      )
    },
    async totals(_pipeline, boundsMs, metrics) {
      await reachable()
      return boundsMs.slice(0, -1).flatMap((from, span) => {
        const to = boundsMs[span + 1] ?? from
        const within = [...windowRows.values()].filter(({ start }) => start >= from && start < to)
        return metrics.flatMap(metric => {
          const own = within.flatMap(({ start, end, values }) => {
            const of = values.get(metric)
            return of === undefined ? [] : [{ ...of, coveredMs: end - start }]
          })
          const sum = (key: 'numerator' | 'denominator' | 'coveredMs') =>
            own.reduce((before, one) => before + one[key], 0)
          if (own.length === 0) return []
          const [numerator, denominator] = [sum('numerator'), sum('denominator')]
          return [{ span, metric, numerator, denominator, coveredMs: sum('coveredMs') }]
        })
      })
    },
    async series(_pipeline, { keys, fromMs, toMs, stepMs, isWindow }) {
      await reachable()
      const steps = new Map<string, SeriesStep[]>()
      for (const window of windowRows.values())
        for (const key of window.start >= fromMs && window.start < toMs ? keys : []) {
          const of = valueIn(window, key)
          if (of === undefined) continue
          const start = Math.floor(window.start / stepMs) * stepMs
          const name = JSON.stringify([key.metric, key.segment, start])
          const one = { ...key, start, ...of, least: of.value, greatest: of.value, mean: of.value }
          const band = (isWindow && bandIn(window, key)) || null
          steps.set(name, [...(steps.get(name) ?? []), { ...one, complete: window.complete, band }])
        }
      return [...steps.values()].map(addedUp).sort((a, b) => a.start - b.start)
    },
    async windowSpan() {
      await reachable()
      const all = [...windowRows.values()]
      if (all.length === 0) return undefined
      return {
        fromMs: Math.min(...all.map(({ start }) => start)),
        toMs: Math.max(...all.map(({ end }) => end))
      }
    },
    async segmentTotals(_pipeline, { metric, dimension, fromMs, toMs, limit }) {
      await reachable()
      const totals = new Map<string, number>()
      for (const { start, segments } of windowRows.values())
        if (start >= fromMs && start < toMs)
          for (const one of segments)
            if (one.metric === metric && one.dimension === dimension)
              totals.set(one.segment, (totals.get(one.segment) ?? 0) + one.numerator)
      return [...totals]
        .map(([segment, total]) => ({ segment, total }))
        .sort((a, b) => b.total - a.total)
        .slice(0, limit)
    },
    async idleResources(_pipeline, { cost, utilization, dimension }, { boundsMs, below }) {
      await reachable()
      const [from = 0, to = 0] = [boundsMs[0], boundsMs.at(-1)]
      const uses = new Map<
        string,
        { used: number; all: number; cost: number; days: Set<number>; last: number }
      >()
      let anyLastSeen = 0
      for (const { start, end, segments } of windowRows.values())
        for (const one of segments) {
          if (start < from || one.dimension !== dimension || ![cost, utilization].includes(one.metric))
            continue
          const name = one.segment.slice(dimension.length + 1)
          const use = uses.get(name) ?? { used: 0, all: 0, cost: 0, days: new Set(), last: 0 }
          uses.set(name, use)
          use.last = Math.max(use.last, end)
          anyLastSeen = Math.max(anyLastSeen, end)
          if (start >= to) continue
          if (one.metric === cost) use.cost += one.numerator
          else {
            use.used += one.numerator
            use.all += one.denominator
            use.days.add(boundsMs.findLastIndex(bound => bound <= start))
          }
        }
      return [...uses]
        .filter(([name, { used, all }]) => name !== 'other' && all > 0 && used < below * all)
        .map(([resource, { used, all, cost: spent, days, last }]) => ({
          ...{ resource, utilization: used / all, cost: spent, days: days.size, lastSeen: last, anyLastSeen }
        }))
    },
    async resourceDays(_pipeline, { utilization, dimension }, { boundsMs, resources }) {
      await reachable()
      const terms = new Map<string, [used: number, all: number]>()
      for (const { start, segments } of windowRows.values())
        for (const one of segments) {
          const day = boundsMs.findLastIndex(bound => bound <= start)
          const resource = one.segment.slice(dimension.length + 1)
          const isAsked = one.metric === utilization && one.dimension === dimension
          if (!isAsked || !resources.includes(resource) || day < 0 || day >= boundsMs.length - 1) continue
          const [used, all] = terms.get(`${day} ${resource}`) ?? [0, 0]
          terms.set(`${day} ${resource}`, [used + one.numerator, all + one.denominator])
        }
      return [...terms].map(([key, [used, all]]) => {
        const [day = '', ...resource] = key.split(' ')
        return { resource: resource.join(' '), day: Number(day), utilization: used / all }
      })
    },
    async resourceLabels(_pipeline, { cost, dimension }, { labels, fromMs, toMs, resources }) {
      await reachable()
      return [...windowRows.values()]
        .filter(({ start }) => start >= fromMs && start < toMs)
        .sort((a, b) => a.start - b.start)
        .flatMap(({ segments }) => segments.filter(({ metric }) => metric === cost))
        .flatMap(({ dimension: combination, segment }) => {
          const label = labels.find(name => combination === `${dimension} × ${name}`)
          const [one = '', value = ''] = segment.split(' × ')
          const resource = one.slice(dimension.length + 1)
          if (label === undefined || !resources.includes(resource)) return []
          return [{ resource, label, value: value.slice(label.length + 1) }]
        })
    },
    insertRecommendations: rows =>
      insert('recommendations', rows, row => {
        const before = recommendationRows.get(row.id)
        if (before === undefined || row.evaluatedAt >= before.evaluatedAt) recommendationRows.set(row.id, row)
      }),
    async openRecommendations() {
      await reachable()
      return [...recommendationRows.values()]
        .filter(({ endedAt }) => endedAt === null)
        .sort((a, b) => b.monthlySavings - a.monthlySavings)
    },
    insertServiceAlerts: rows => insert('service_alerts', rows, row => serviceAlertRows.set(row.id, row)),
    async unseenServiceAlerts(_pipeline, sinceMs) {
      await reachable()
      const seen = (alert: ServiceAlert) =>
        Math.max(
          0,
          ...[...incidentRows.values()]
            .filter(({ kind, segment }) => kind === alert.kind && segment === alert.segment)
            .map(({ lastWindowEnd }) => lastWindowEnd)
        )
      return [...serviceAlertRows.values()]
        .filter(alert => alert.at >= sinceMs && alert.at > seen(alert))
        .sort((a, b) => a.at - b.at)
    },
    async knownServiceAlerts(_pipeline, ids, conditions) {
      await reachable()
      const before = ids.flatMap(id => serviceAlertRows.get(id) ?? [])
      const latest = conditions.flatMap(({ kind, segment }) => {
        const all = [...serviceAlertRows.values()].filter(one => one.kind === kind && one.segment === segment)
        const last = all.sort((a, b) => b.at - a.at)[0]
        const isOver = last && incidentRows.get(last.incidentId)?.status === 'resolved'
        return last?.status === 'firing' && !isOver
          ? [{ kind, segment, incidentId: last.incidentId, at: last.at }]
          : []
      })
      return { incidentOf: new Map(before.map(({ id, incidentId }) => [id, incidentId])), open: latest }
    },
    async serviceAlertTimes(_pipeline, sinceMs) {
      await reachable()
      return [...serviceAlertRows.values()]
        .filter(({ at }) => at >= sinceMs)
        .map(alert => [rateKeyOf(alert), alert.at] as const)
    },
    async detections(_pipeline, sinceMs) {
      await reachable()
      const since = [...anomalyRows.values()].filter(({ windowEnd }) => windowEnd >= sinceMs)
      return new Map(since.map(({ id, detectedAt }) => [id, detectedAt]))
    },
    async incidents() {
      await reachable()
      return [...incidentRows.values()]
    },
    async notifications() {
      await reachable()
      return [...notificationRows.values()]
    },
    insertActions: rows => insert('actions', rows, row => actionRows.set(row.id, row)),
    async actions(_pipeline, sinceMs) {
      await reachable()
      return [...actionRows.values()]
        .filter(({ at, silence }) => at >= sinceMs || (silence?.endsAt ?? 0) >= sinceMs)
        .sort((a, b) => a.at - b.at)
    },
    insertChanges: rows => insert('changes', rows, row => changeRows.set(row.id, row)),
    async changes(_pipeline, fromMs, toMs = Number.POSITIVE_INFINITY) {
      await reachable()
      return [...changeRows.values()]
        .filter(({ at }) => at >= fromMs && at < toMs)
        .sort((a, b) => a.at - b.at)
    },
    async labels() {
      await reachable()
      return latestLabels([...actionRows.values()].sort((a, b) => a.at - b.at))
    },
    async expectedIncidents(_pipeline, sinceMs) {
      const labels = await own.labels()
      return [...incidentRows.values()].filter(
        ({ id, status, lastWindowEnd }) =>
          labels.get(id)?.verdict === 'expected' && (status === 'open' || lastWindowEnd >= sinceMs)
      )
    },
    async findIncidents(filter) {
      const { status, kind, like, pipeline, idPrefix = '', sinceMs = 0, behind, limit } = filter
      const touchedSinceMs = filter.touchedSinceMs ?? 0
      await reachable()
      return [...incidentRows.values()]
        .filter(row => fits(row, { status, pipeline }))
        .filter(row => kind === undefined || kindsOf([row, ...row.alerts]).has(kind))
        .filter(row => isLike(row, like))
        .filter(({ id, lastAnomalyAt }) => id.startsWith(idPrefix) && lastAnomalyAt >= sinceMs)
        .filter(row => row.status === 'open' || row.lastWindowEnd >= touchedSinceMs)
        .sort((a, b) => b.openedAt - a.openedAt)
        .filter(
          ({ openedAt, id }) =>
            behind === undefined ||
            openedAt < behind.openedAt ||
            (openedAt === behind.openedAt && id > behind.id)
        )
        .slice(0, limit)
    },
    async findNotifications(filter) {
      const { incidentId, receiver, outcome, action, pipeline, sinceMs = 0, behind, limit } = filter
      await reachable()
      return [...notificationRows.values()]
        .filter(row => fits(row, { incidentId, receiver, outcome, action, pipeline }))
        .filter(({ decidedAt }) => decidedAt >= sinceMs)
        .sort((a, b) => b.decidedAt - a.decidedAt)
        .filter(
          ({ decidedAt, id }) =>
            behind === undefined ||
            decidedAt < behind.decidedAt ||
            (decidedAt === behind.decidedAt && id > behind.id)
        )
        .slice(0, limit)
    },
    async anomalies(filter) {
      const {
        kind,
        metric,
        segment,
        like,
        pipeline,
        endsFromMs = 0,
        endsToMs = Number.POSITIVE_INFINITY
      } = filter
      await reachable()
      return [...anomalyRows.values()]
        .filter(row => fits(row, { kind, metric, segment, pipeline }))
        .filter(row => isLike(row, like))
        .filter(({ windowEnd }) => windowEnd >= endsFromMs && windowEnd <= endsToMs)
        .map(viewOfAnomaly)
    },
    async learnedCurrency() {
      await reachable()
      return learned
    },
    async insertLearnedCurrency(_pipeline, row) {
      await insert('learned', [row], () => {
        learned ??= row
      })
    },
    insertAudit: rows =>
      insert('audit', rows, row => {
        if (!auditLog.some(({ hash }) => hash === row.hash)) auditLog.push(row)
      }),
    async auditTips(limit) {
      await reachable()
      const named = new Set(auditLog.flatMap(({ heads }) => heads.map(head => head.split(' ')[0])))
      const last = new Map(auditLog.map(row => [row.chain, row]))
      return [...last.values()].filter(({ hash }) => !named.has(hash)).slice(0, limit)
    },
    async auditRows({ sinceMs = 0, limit }) {
      await reachable()
      return auditLog
        .filter(({ at }) => at >= sinceMs)
        .toReversed()
        .slice(0, limit)
    },
    async auditReferences() {
      await reachable()
      return auditLog.flatMap(({ heads }) => heads)
    },
    async auditPage(after) {
      await reachable()
      return after === undefined
        ? auditLog.toSorted((a, b) => (a.chain < b.chain ? -1 : a.chain > b.chain ? 1 : a.seq - b.seq))
        : []
    },
    async anonymise() {
      await reachable()
      return { rows: new Map(), isDone: true }
    },
    query: () => Promise.reject(new StoreError('QUERY', 'no SQL here', { retryable: false })),
    close: async () => {}
  }
  return own
}

const valueIn = ({ values, segments }: WindowMetrics, { metric, segment }: SeriesKey) =>
  segment === 'all'
    ? values.get(metric)
    : segments.find(one => one.metric === metric && one.segment === segment)

const bandIn = ({ bands }: JudgedWindow, { metric, segment }: SeriesKey) =>
  bands?.get(metric)?.get(segment as Segment)

function addedUp(windows: readonly SeriesStep[]): SeriesStep {
  const [first] = windows as [SeriesStep]
  const values = windows.flatMap(({ mean }) => (mean === null ? [] : [mean]))
  const sum = (of: (one: SeriesStep) => number) => windows.reduce((total, one) => total + of(one), 0)
  const { metric, segment, start } = first
  return {
    ...{ metric, segment, start },
    numerator: sum(one => one.numerator),
    denominator: sum(one => one.denominator),
    least: values.length === 0 ? null : Math.min(...values),
    greatest: values.length === 0 ? null : Math.max(...values),
    mean: values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length,
    complete: windows.every(({ complete }) => complete),
    band: first.band
  }
}

/** All that is wanted is so; what is undefined is not asked for. */
const isLike = (row: Subject, { kind, severity, segment }: Patterns = {}) =>
  matchesAny(kind ?? null, [row.kind]) &&
  matchesAny(severity ?? null, [row.severity]) &&
  matchesAny(segment ?? null, [row.segment])

function fits<T extends object>(row: T, wanted: { readonly [K in keyof T]?: unknown }): boolean {
  return Object.entries(wanted).every(([key, value]) => value === undefined || row[key as keyof T] === value)
}
