import { type Alert, type DriftAlert, type PolicyViolation, type SafetyEvent } from './alerts.ts';
interface CommonOptions {
    /** Of one kind and model, or service; critical ones and those with `skip_rate_limit` pass. */
    readonly rateLimitPerMinute?: number;
    /** Of each try. */
    readonly timeoutMs?: number;
    /** Tries beyond the first one, on 429, 5xx and without an answer. */
    readonly retries?: number;
}
/** To cartwatch: its address, and the intake token. */
export interface CartwatchOptions extends CommonOptions {
    readonly url: string;
    readonly token: string;
}
/** To a Slack webhook. Webhooks of newer Slack apps take neither a channel nor a name. */
export interface WebhookOptions extends CommonOptions {
    readonly webhookUrl: string;
    readonly channel?: string;
    readonly username?: string;
}
export type Result = {
    readonly ok: true;
    /** `sent`: Slack has it. */
    readonly status: 'accepted' | 'duplicate' | 'sent';
    readonly incident: string | null;
} | {
    readonly ok: false;
    readonly error: string;
    /** Of the last answer; absent without one. */
    readonly status?: number;
    /** Seconds to wait before it is worth another try. */
    readonly retryAfter?: number;
};
/** Sends alerts. The constructor throws on a wrong address; every other failure is a result. */
export declare class AlertClient {
    #private;
    constructor(options: CartwatchOptions | WebhookOptions);
    sendDrift(alert: DriftAlert): Promise<Result>;
    sendPolicyViolation(alert: PolicyViolation): Promise<Result>;
    sendSafetyEvent(alert: SafetyEvent): Promise<Result>;
    send(alert: Alert): Promise<Result>;
    /** Whether an alert of this key, `drift MODEL` or `alert SERVICE`, would be sent now. */
    isAllowed(key: string): boolean;
    /** Seconds until one would be sent; 0 where it would now. */
    retryAfter(key: string): number;
}
export {};
