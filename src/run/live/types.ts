import type { Detection } from '../../../detectors/types.ts'
import type { DeciderOptions, DeciderSettings } from '../../decide/decider.ts'
import type { ShopCurrency } from '../../decode/currency/shop-currency.ts'
import type { DecodeRecord } from '../../decode/decode-record.ts'
import type { StreamHealth, TopicWatch } from '../../decode/stream/stream-watch.ts'
import type { Decode } from '../../decode/types.ts'
import type { Delivery } from '../../delivery/types.ts'
import type { Change } from '../../incident/changes.ts'
import type { ServiceAlert } from '../../incident/service-alert.ts'
import type { OperatorAction } from '../../incident/types.ts'
import type { AssignmentStatus } from '../../ingest/assignment-state.ts'
import type { DeadLetterFault } from '../../ingest/dead-letters.ts'
import type { IngestOptions } from '../../ingest/options.ts'
import type { IngestProgress } from '../../ingest/progress.ts'
import type { WindowMetrics } from '../../metrics/types.ts'
import type { ReportsSettings } from '../../report/sender.ts'
import type { PipelineState, Stall } from '../../selfcheck/stall.ts'
import type { StallVerdicts } from '../../selfcheck/stall-findings.ts'
import type { OutageVerdicts } from '../../selfcheck/store-outage.ts'
import type { DeadLetters } from '../../source/dead-letters.ts'
import type { Source, SourceState } from '../../source/types.ts'
import type { StoreFault } from '../../store/reasons.ts'
import type { Store } from '../../store/types.ts'
import type { InstanceMetrics } from '../../telemetry/metrics.ts'
import type { ClosedWindow } from '../../window/types.ts'
import type { CurrencyState } from './currency-learning.ts'

export interface LiveOptions
  extends Pick<DeciderOptions, 'pipeline' | 'incidents' | 'historyMs' | 'clock' | 'log'> {
  readonly settings: LiveSettings
  readonly windows: IngestOptions
  readonly source: Source
  readonly store: Store
  readonly deadLetters: DeadLetters
  /** The decoder of a topic, the same one each time. */
  readonly decodeOf: (topic: string) => DecodeRecord
  readonly shop: ShopCurrency
  /** Decodes while the shop's currency is not known. */
  readonly undecided: (topic: string) => Decode
  /** What these decoders have seen. */
  readonly topics: TopicWatch
  readonly evaluate: (window: ClosedWindow) => WindowMetrics
  readonly delivery: Delivery
  /** Windows have closed. */
  readonly onClosed: () => void
  /** Called once a second with what the pipeline looks like. */
  readonly watchStall: (state: PipelineState) => Stall | undefined
  readonly metrics: InstanceMetrics
}

export interface SelfCheckSettings {
  readonly stallVerdicts: StallVerdicts
  readonly outageVerdicts: OutageVerdicts
}

/** What a reload of the configuration can change between two windows. */
export interface LiveSettings extends DeciderSettings, SelfCheckSettings {
  readonly reports: ReportsSettings
}

export interface Live {
  /** Runs until `stop`; rejects where waiting does not help. */
  run(): Promise<void>
  reconfigure(settings: LiveSettings): void
  /** Applies what a person did; false where another instance works, which finds it in the store. */
  act(action: OperatorAction): boolean
  /** Takes in what somebody told of a change; false where another instance works, which finds it in the store. */
  change(change: Change): boolean
  /** Takes in what other services raised; false where another instance works, which finds it in the store. */
  serviceAlerts(alerts: readonly ServiceAlert[]): boolean
  /** Stops reading, stores what is closed, commits, and leaves the group. */
  stop(): Promise<void>
  state(): LiveState
  /** How far the work has come; undefined where this instance has none. */
  progress(): IngestProgress | undefined
  /** Brings the metrics up to date. */
  measure(): void
}

export interface LiveState {
  readonly source: SourceState
  readonly work: AssignmentStatus | undefined
  /** Closed windows that wait to be judged or stored. */
  readonly waiting: number
  readonly storeFailure: StoreFault | undefined
  /** How long the store write under way has taken so far, or else the last one. */
  readonly storeWriteMs: number
  readonly detection: Detection | undefined
  readonly stall: Stall | undefined
  /** Why dead letters cannot be kept. */
  readonly deadLetters: DeadLetterFault | undefined
  /** What was learned of the currency; undefined where it is configured. */
  readonly currency: CurrencyState | undefined
  /** By topic, of those that have been read. */
  readonly topics: ReadonlyMap<string, StreamHealth>
}
