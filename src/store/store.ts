import { fileURLToPath } from 'node:url'
import { anonymiseCalls } from './anonymise/anonymise.ts'
import { migrate } from './migrate.ts'
import { quoteIdentifier } from './quoting.ts'
import { createRequests, type RequestOptions, seconds } from './requests.ts'
import { actionCalls } from './tables/actions.ts'
import { anomalyCalls } from './tables/anomalies.ts'
import { auditCalls } from './tables/audit.ts'
import { changeCalls } from './tables/changes.ts'
import { incidentCalls } from './tables/incidents.ts'
import { labelCalls } from './tables/labels.ts'
import { learnedCalls } from './tables/learned.ts'
import { notificationCalls } from './tables/notifications.ts'
import { recommendationCalls } from './tables/recommendations.ts'
import { resourceCalls } from './tables/resources.ts'
import { seriesCalls } from './tables/series.ts'
import { serviceAlertCalls } from './tables/service-alerts.ts'
import { totalCalls } from './tables/totals.ts'
import { windowCalls } from './tables/windows.ts'
import type { Retention, Store } from './types.ts'

export interface StoreOptions
  extends Pick<RequestOptions, 'connector' | 'timeoutMs'>,
    Partial<Pick<RequestOptions, 'mayInsert' | 'onFailure'>> {
  readonly database?: string
  readonly retention?: Retention
  /** The bound of a user's query until its first byte, and of each wait behind that. */
  readonly queryTimeoutMs?: number
  /** The folder of the migrations. */
  readonly migrationsFolder?: string
}

const defaultMigrations = fileURLToPath(new URL('../../clickhouse', import.meta.url))
/** The retention that the migrations set. */
const shippedRetention = {
  windows: 90,
  segments: 90,
  anomalies: 90,
  incidents: 90,
  notifications: 90,
  audit: 400
}

export function createStore({
  connector,
  database = 'realtime',
  retention = shippedRetention,
  timeoutMs,
  queryTimeoutMs = 300_000,
  mayInsert = async () => {},
  migrationsFolder = defaultMigrations,
  onFailure = () => {}
}: StoreOptions): Store {
  const requests = createRequests({
    connector,
    database: quoteIdentifier(database),
    timeoutMs,
    mayInsert,
    onFailure
  })
  return {
    ...windowCalls(requests),
    ...totalCalls(requests),
    ...seriesCalls(requests),
    ...anomalyCalls(requests),
    ...incidentCalls(requests),
    ...notificationCalls(requests),
    ...actionCalls(requests),
    ...labelCalls(requests),
    ...changeCalls(requests),
    ...learnedCalls(requests),
    ...serviceAlertCalls(requests),
    ...auditCalls(requests),
    ...anonymiseCalls(requests),
    ...resourceCalls(requests),
    ...recommendationCalls(requests),

    migrate: () =>
      migrate({
        run: (sql, format) => requests.run(sql, { format }, true),
        database,
        retention,
        migrationsFolder
      }),

    async ping() {
      await requests.run('SELECT 1')
    },

    async query(sql, format, isReadOnly = false) {
      const connection = await connector.connect(false)
      const settings = {
        final: 1,
        max_execution_time: seconds(queryTimeoutMs),
        ...(isReadOnly && { readonly: 2 })
      }
      // With `final` a plain SELECT shows each row once, as with FINAL behind every table.
      return connection.stream({ sql, format, settings, timeoutMs: queryTimeoutMs })
    },

    close: () => connector.close()
  }
}
