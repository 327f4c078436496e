import type { SqlParams } from './clickhouse.ts'
import type { AnomalyFilter, IncidentFilter, NotificationFilter, Patterns } from './types.ts'

/** Clauses of a SELECT, empty where nothing is asked for, and the parameters that they name. */
export interface Conditions {
  readonly where: string
  readonly limit: string
  readonly params: SqlParams
}

export const ofAnomalies = (filter: AnomalyFilter): Conditions =>
  all(filter.limit, [
    compared('detected_at', '>=', 'since', filter.sinceMs),
    equals('pipeline', filter.pipeline),
    equals('anomaly_type', filter.kind),
    equals('metric', filter.metric),
    equals('segment', filter.segment),
    ...likeAll(filter.like, matchesColumn('anomaly_type')),
    compared('window_end', '>=', 'endsFrom', filter.endsFromMs),
    compared('window_end', '<=', 'endsTo', filter.endsToMs)
  ])

export const ofIncidents = (filter: IncidentFilter): Conditions =>
  all(filter.limit, [
    compared('last_anomaly_at', '>=', 'since', filter.sinceMs),
    equals('pipeline', filter.pipeline),
    filter.kind === undefined
      ? null
      : ['has(arrayConcat([kind], alert_kinds), {kind:String})', { kind: filter.kind }],
    ...likeAll(filter.like, matchesAnyOf('arrayConcat([kind], alert_kinds)')),
    equals('status', filter.status),
    filter.idPrefix === undefined
      ? null
      : ['startsWith(id, {idPrefix:String})', { idPrefix: filter.idPrefix }],
    filter.touchedSinceMs === undefined
      ? null
      : [
          "(status = 'open' OR last_window_end >= fromUnixTimestamp64Milli({touched:Int64}, 'UTC'))",
          { touched: timeParam(filter.touchedSinceMs) }
        ],
    filter.behind === undefined ? null : behind('opened_at', filter.behind.openedAt, filter.behind.id)
  ])

export const ofNotifications = (filter: NotificationFilter): Conditions =>
  all(filter.limit, [
    compared('decided_at', '>=', 'since', filter.sinceMs),
    equals('pipeline', filter.pipeline),
    equals('incident_id', filter.incidentId),
    equals('receiver', filter.receiver),
    equals('outcome', filter.outcome),
    equals('action', filter.action),
    filter.behind === undefined ? null : behind('decided_at', filter.behind.decidedAt, filter.behind.id)
  ])

/** Milliseconds within what DateTime64 can be, 1900 to 2299. */
export function timeParam(ms: number): number {
  return Math.ceil(Math.min(Math.max(ms, -2_208_988_800_000), 10_413_791_999_999))
}

type Condition = readonly [sql: string, params: SqlParams]

function all(limit: number | undefined, conditions: readonly (Condition | null)[]): Conditions {
  const given = conditions.filter(condition => condition !== null)
  return {
    where: given.length === 0 ? '' : `WHERE ${given.map(([sql]) => sql).join(' AND ')}`,
    limit: limit === undefined ? '' : 'LIMIT {limit:UInt64}',
    params: Object.assign(limit === undefined ? {} : { limit }, ...given.map(([, params]) => params))
  }
}

const equals = (column: string, value: string | undefined): Condition | null =>
  value === undefined ? null : [`${column} = {${column}:String}`, { [column]: value }]

/** Matches against a parameter, in SQL. */
type Matches = (param: string) => string

const matchesColumn =
  (column: string): Matches =>
  param =>
    `match(${column}, {${param}:String})`

const matchesAnyOf =
  (texts: string): Matches =>
  param =>
    `arrayExists(one -> match(one, {${param}:String}), ${texts})`

const likeAll = ({ kind, severity, segment }: Patterns = {}, matchesKind: Matches) => [
  ...like(matchesKind, 'likeKind', kind),
  ...like(matchesColumn('severity'), 'likeSeverity', severity),
  ...like(matchesColumn('segment'), 'likeSegment', segment)
]

/** The same as `matchesAny` of a route's match. */
function like(matches: Matches, param: string, patterns: readonly string[] = []): Condition[] {
  const wanted = patterns.filter(pattern => !pattern.startsWith('!'))
  const unwanted = patterns.filter(pattern => pattern.startsWith('!')).map(pattern => pattern.slice(1))
  const condition = (not: string, name: string, of: readonly string[]): Condition[] =>
    of.length === 0 ? [] : [[`${not}${matches(name)}`, { [name]: expressionOf(of) }]]
  return [...condition('', param, wanted), ...condition('NOT ', `${param}Not`, unwanted)]
}

/** A regular expression of RE2 for whole texts. */
const expressionOf = (patterns: readonly string[]): string =>
  `^(?s:${patterns.map(pattern => pattern.split('*').map(escaped).join('.*')).join('|')})$`

const escaped = (text: string): string => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')

/** In the order of a time, the latest first, and of ids at the same one. */
function behind(column: string, ms: number, id: string): Condition {
  const at = "fromUnixTimestamp64Milli({behindAt:Int64}, 'UTC')"
  return [
    `(${column} < ${at} OR (${column} = ${at} AND id > {behindId:String}))`,
    { behindAt: timeParam(ms), behindId: id }
  ]
}

function compared(
  column: string,
  sign: '>=' | '<=',
  param: string,
  ms: number | undefined
): Condition | null {
  if (ms === undefined) return null
  return [`${column} ${sign} fromUnixTimestamp64Milli({${param}:Int64}, 'UTC')`, { [param]: timeParam(ms) }]
}
