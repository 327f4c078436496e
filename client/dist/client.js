import { rateKeyOf } from './alerts.js';
import { format } from './format.js';
import { RateLimit } from './rate-limit.js';
const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** Sends alerts. The constructor throws on a wrong address; every other failure is a result. */
export class AlertClient {
    #target;
    #options;
    #rate;
    constructor(options) {
        const address = 'url' in options ? options.url : options.webhookUrl;
        if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
            throw new TypeError(`${'url' in options ? 'url' : 'webhookUrl'} is no URL beginning with https:// or http://`);
        if ('url' in options && options.token === '')
            throw new TypeError('token is empty');
        this.#options = options;
        this.#target = 'url' in options ? `${address.replace(/\/+$/, '')}/api/alerts` : address;
        this.#rate = new RateLimit(options.rateLimitPerMinute ?? 10);
    }
    sendDrift(alert) {
        return this.send({ ...alert, kind: 'drift' });
    }
    sendPolicyViolation(alert) {
        return this.send({ ...alert, kind: 'policy_violation' });
    }
    sendSafetyEvent(alert) {
        return this.send({ ...alert, kind: 'safety_event' });
    }
    async send(alert) {
        const key = rateKeyOf(alert);
        const passes = alert.severity === 'critical' || alert.skip_rate_limit === true;
        const retryAfter = passes ? 0 : this.retryAfter(key);
        if (retryAfter > 0)
            return { ok: false, error: 'rate_limited', retryAfter };
        if (!passes)
            this.#rate.take(key, Date.now());
        const { retries = 3 } = this.#options;
        for (let tries = 0;; tries++) {
            const result = await this.#sendOnce(alert);
            if (result.ok || !isPassing(result) || tries >= retries)
                return result;
            const pauseMs = result.retryAfter ? result.retryAfter * 1_000 : firstPauseMs * 2 ** tries;
            // A longer wait is the caller's to decide on.
            if (pauseMs > longestPauseMs)
                return result;
            await new Promise(resolve => setTimeout(resolve, pauseMs * (0.75 + Math.random() / 2)));
        }
    }
    /** Whether an alert of this key, `drift MODEL` or `alert SERVICE`, would be sent now. */
    isAllowed(key) {
        return this.retryAfter(key) === 0;
    }
    /** Seconds until one would be sent; 0 where it would now. */
    retryAfter(key) {
        return this.#rate.retryAfter(key, Date.now());
    }
    async #sendOnce(alert) {
        const options = this.#options;
        const isSlack = 'webhookUrl' in options;
        const headers = { 'content-type': 'application/json' };
        if (!isSlack)
            headers['authorization'] = `Bearer ${options.token}`;
        const body = isSlack ? { ...format(alert), ...senderOf(options) } : alert;
        try {
            const response = await fetch(this.#target, {
                method: 'POST',
                headers,
                body: JSON.stringify(body),
                redirect: 'error',
                signal: AbortSignal.timeout(options.timeoutMs ?? 10_000)
            });
            const text = await response.text();
            return isSlack ? slackResult(response, text) : intakeResult(response, text);
        }
        catch (error) {
            return { ok: false, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
        }
    }
}
const isPassing = ({ status }) => status === undefined || status === 429 || status >= 500;
function senderOf({ channel, username = 'Drift Alert Bot' }) {
    return { username, ...(channel !== undefined && { channel }) };
}
function slackResult(response, text) {
    if (response.ok && text.trim() === 'ok')
        return { ok: true, status: 'sent', incident: null };
    return failure(response, text);
}
function intakeResult(response, text) {
    const answer = parsed(text);
    if (response.status === 202 && (answer?.status === 'accepted' || answer?.status === 'duplicate'))
        return { ok: true, status: answer.status, incident: answer.incident ?? null };
    return failure(response, answer?.message ?? answer?.error ?? text);
}
function failure({ status, headers }, text) {
    const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
    return {
        ok: false,
        error: text.slice(0, 500) || `HTTP ${status}`,
        status,
        ...(Number.isFinite(retryAfter) && { retryAfter })
    };
}
function parsed(text) {
    try {
        const value = JSON.parse(text);
        return typeof value === 'object' && value !== null ? value : undefined;
    }
    catch {
        return undefined;
    }
}
