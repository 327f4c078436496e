/** What alerts are counted by: the kind, and the model or the service. */
export function rateKeyOf(alert) {
    return `${alert.kind} ${alert.kind === 'alert' ? (alert.service ?? '') : alert.model_id}`;
}
