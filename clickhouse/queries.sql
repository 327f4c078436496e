-- A cookbook. Each of these works as it stands, in `cartwatch query "…"` and in any ClickHouse client.

-- The latest anomalies, each once.
SELECT * FROM realtime.anomalies ORDER BY detected_at DESC LIMIT 5;

-- How many of each kind and severity in the last week.
SELECT anomaly_type, severity, count() AS anomalies
FROM realtime.anomalies
WHERE detected_at > now() - INTERVAL 7 DAY
GROUP BY anomaly_type, severity
ORDER BY anomalies DESC;

-- What an anomaly rests on.
SELECT details, JSONExtractKeysAndValuesRaw(evidence) AS evidence, config_hash
FROM realtime.anomalies
ORDER BY detected_at DESC
LIMIT 1;

-- Revenue and orders by hour.
SELECT
    toStartOfHour(window_start) AS hour,
    sumIf(value, metric = 'revenue') AS revenue,
    sumIf(value, metric = 'orders') AS orders
FROM realtime.windows
WHERE segment = 'all' AND metric IN ('revenue', 'orders')
GROUP BY hour
ORDER BY hour DESC
LIMIT 48;

-- Cart abandonment by hour: of a ratio the numerators and denominators are added up, never its values.
SELECT
    toStartOfHour(window_start) AS hour,
    greatest(0, sum(numerator) / nullIf(sum(denominator), 0)) AS cart_abandonment_rate
FROM realtime.windows
WHERE segment = 'all' AND metric = 'cart_abandonment_rate'
GROUP BY hour
ORDER BY hour DESC
LIMIT 48;

-- Windows that were not seen whole: not judged, not learned from.
SELECT pipeline, window_start, max(records) AS records
FROM realtime.windows
WHERE complete = 0
GROUP BY pipeline, window_start
ORDER BY window_start DESC
LIMIT 20;

-- What is open now.
SELECT kind, segment, severity, opened_at, last_anomaly_at, anomalies, dedup_key
FROM realtime.incidents FINAL
WHERE status = 'open'
ORDER BY opened_at;

-- Messages that did not arrive, and why.
SELECT decided_at, receiver, kind, outcome, attempts, answer
FROM realtime.notifications FINAL
WHERE outcome IN ('pending', 'refused', 'expired')
ORDER BY decided_at DESC
LIMIT 20;
