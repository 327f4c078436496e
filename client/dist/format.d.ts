import type { Alert, DriftAlert, PolicyViolation, SafetyEvent, ServiceAlert } from './alerts.ts';
/** A message as Slack's webhooks take it. */
export interface SlackMessage {
    readonly text: string;
    readonly attachments: readonly {
        readonly color: string;
        readonly blocks: readonly object[];
    }[];
    readonly channel?: string;
    readonly username?: string;
}
export declare const formatDrift: (alert: DriftAlert) => SlackMessage;
export declare const formatPolicyViolation: (alert: PolicyViolation) => SlackMessage;
export declare const formatSafetyEvent: (alert: SafetyEvent) => SlackMessage;
export declare const formatAlert: (alert: ServiceAlert) => SlackMessage;
/** The message of an alert of any kind. */
export declare function format(alert: Alert): SlackMessage;
