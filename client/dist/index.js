export { rateKeyOf } from './alerts.js';
export { AlertClient } from './client.js';
export { format, formatAlert, formatDrift, formatPolicyViolation, formatSafetyEvent } from './format.js';
