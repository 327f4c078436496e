export type {
  Alert,
  DriftAlert,
  Link,
  Pairs,
  PolicyViolation,
  SafetyEvent,
  ServiceAlert,
  Severity
} from './alerts.ts'
export { rateKeyOf } from './alerts.ts'
export type { CartwatchOptions, Result, WebhookOptions } from './client.ts'
export { AlertClient } from './client.ts'
export type { SlackMessage } from './format.ts'
export { format, formatAlert, formatDrift, formatPolicyViolation, formatSafetyEvent } from './format.ts'
