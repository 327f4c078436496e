-- A cookbook: each works as it stands in any ClickHouse client, and in `cartwatch query --name NAME`.
-- docs/queries.md says more of each. Times are UTC.

-- name: latest-anomalies
-- The latest anomalies, each once.
SELECT * FROM realtime.anomalies ORDER BY detected_at DESC LIMIT 5;

-- name: anomalies-today
-- What was found today.
SELECT detected_at, severity, anomaly_type, segment, details
FROM realtime.anomalies
WHERE detected_at >= toStartOfDay(now('UTC'))
ORDER BY detected_at DESC;

-- name: anomalies-by-kind
-- How many of each kind and severity in the last week.
SELECT anomaly_type, severity, count() AS anomalies, max(detected_at) AS latest
FROM realtime.anomalies
WHERE detected_at >= now('UTC') - INTERVAL 7 DAY
GROUP BY anomaly_type, severity
ORDER BY anomalies DESC, anomaly_type, severity;

-- name: anomaly-evidence
-- What the latest anomaly rests on.
SELECT details, JSONExtractKeysAndValuesRaw(evidence) AS evidence, config_hash
FROM realtime.anomalies
ORDER BY detected_at DESC
LIMIT 1;

-- name: explaining-segments
-- The segments that explain the anomalies of the last week, each with its share of the change.
SELECT
    detected_at,
    anomaly_type,
    JSONExtractString(explaining, 'segment') AS explained_by,
    round(100 * JSONExtractFloat(explaining, 'share'), 1) AS share_percent,
    JSONExtractFloat(explaining, 'value') AS value,
    JSONExtractFloat(explaining, 'expected') AS expected
FROM realtime.anomalies
ARRAY JOIN JSONExtractArrayRaw(evidence, 'segments') AS explaining
WHERE detected_at >= now('UTC') - INTERVAL 7 DAY
ORDER BY detected_at DESC, share_percent DESC
LIMIT 50;

-- name: segments-in-trouble
-- Which segments explain the most anomalies of the last week.
SELECT
    arrayJoin(explained_by) AS explaining_segment,
    uniqExact(id) AS anomalies,
    arraySort(groupUniqArray(anomaly_type)) AS kinds
FROM realtime.anomalies
WHERE detected_at >= now('UTC') - INTERVAL 7 DAY
GROUP BY explaining_segment
ORDER BY anomalies DESC, explaining_segment
LIMIT 20;

-- name: revenue-by-hour
-- Revenue and orders by hour.
SELECT
    pipeline,
    toStartOfHour(window_start) AS hour,
    sumIf(numerator, metric = 'revenue') AS revenue,
    sumIf(numerator, metric = 'orders') AS orders
FROM realtime.windows
WHERE segment = 'all' AND metric IN ('revenue', 'orders')
GROUP BY pipeline, hour
ORDER BY hour DESC, pipeline
LIMIT 48;

-- name: revenue-against-baseline
-- The revenue of each of the last 24 full hours beside the median of the same hour of the four weeks before.
SELECT
    pipeline,
    hour,
    sumIf(revenue, weeks_ago = 0) AS actual,
    round(quantileExactInclusiveIfOrNull(0.5)(revenue, weeks_ago > 0), 2) AS usual,
    round(100 * (actual / nullIf(usual, 0) - 1), 1) AS change_percent,
    countIf(weeks_ago > 0) AS weeks
FROM
(
    SELECT
        pipeline,
        arrayJoin([0, 1, 2, 3, 4]) AS weeks_ago,
        addWeeks(toStartOfHour(window_start), weeks_ago) AS hour,
        sum(numerator) AS revenue
    FROM realtime.windows
    WHERE metric = 'revenue' AND segment = 'all' AND window_start >= now('UTC') - INTERVAL 30 DAY
    GROUP BY pipeline, weeks_ago, hour
)
WHERE hour >= toStartOfHour(now('UTC')) - INTERVAL 24 HOUR AND hour < toStartOfHour(now('UTC'))
GROUP BY pipeline, hour
HAVING countIf(weeks_ago = 0) > 0
ORDER BY pipeline, hour;

-- name: worst-categories
-- The categories whose revenue of the last 24 hours lies furthest below that of the same 24 hours of former weeks.
SELECT
    pipeline,
    segment,
    sumIf(numerator, weeks_ago = 0) AS actual,
    round(sumIf(numerator, weeks_ago > 0) / max(uniqExactIf(weeks_ago, weeks_ago > 0)) OVER (PARTITION BY pipeline), 2) AS usual,
    round(actual - usual, 2) AS change,
    round(100 * (actual / nullIf(usual, 0) - 1), 1) AS change_percent
FROM
(
    SELECT
        pipeline,
        segment,
        numerator,
        dateDiff('second', window_start, now('UTC')) AS age,
        intDiv(age, 604800) AS weeks_ago
    FROM realtime.windows
    WHERE dimension = 'category' AND metric = 'revenue'
      AND window_start < now('UTC') AND window_start >= now('UTC') - INTERVAL 29 DAY
      AND age % 604800 < 86400
)
GROUP BY pipeline, segment
ORDER BY change, segment
LIMIT 20;

-- name: conversion-by-country
-- Carts, checkouts, orders and revenue of the last 24 hours by country, and how many checkouts end in an order.
SELECT
    pipeline,
    segment,
    sumIf(numerator, metric = 'cart_adds') AS cart_adds,
    sumIf(numerator, metric = 'checkouts_started') AS checkouts,
    sumIf(numerator, metric = 'orders') AS orders,
    round(sumIf(numerator, metric = 'revenue'), 2) AS revenue,
    round(orders / nullIf(checkouts, 0), 3) AS orders_per_checkout
FROM realtime.windows
WHERE dimension = 'country' AND window_start >= now('UTC') - INTERVAL 24 HOUR
GROUP BY pipeline, segment
ORDER BY checkouts DESC, segment;

-- name: conversion-by-hour
-- Cart abandonment and conversion by hour: of a ratio the numerators and denominators are added up, never its values.
SELECT
    pipeline,
    toStartOfHour(window_start) AS hour,
    round(greatest(0, sumIf(numerator, metric = 'cart_abandonment_rate')
        / nullIf(sumIf(denominator, metric = 'cart_abandonment_rate'), 0)), 3) AS cart_abandonment,
    round(sumIf(numerator, metric = 'conversion_rate')
        / nullIf(sumIf(denominator, metric = 'conversion_rate'), 0), 4) AS conversion
FROM realtime.windows
WHERE segment = 'all' AND metric IN ('cart_abandonment_rate', 'conversion_rate')
GROUP BY pipeline, hour
ORDER BY hour DESC, pipeline
LIMIT 48;

-- name: data-faults-by-day
-- How many events of each day have a fault, and which.
SELECT
    pipeline,
    toDate(window_start) AS day,
    metric AS fault,
    sum(numerator) AS faulty,
    round(100 * sum(numerator) / nullIf(sum(denominator), 0), 3) AS percent
FROM realtime.windows
WHERE segment = 'all' AND window_start >= toStartOfDay(now('UTC')) - INTERVAL 6 DAY
  AND metric IN ('missing_price_rate', 'negative_price_rate', 'invalid_price_rate', 'invalid_quantity_rate', 'invalid_currency_rate',
      'unknown_currency_rate', 'missing_id_rate', 'unknown_type_rate', 'duplicate_rate', 'late_rate', 'dead_letter_rate')
GROUP BY pipeline, day, fault
HAVING faulty > 0
ORDER BY day DESC, faulty DESC, fault;

-- name: late-by-partition
-- The late events of the last 24 hours by partition, and their share of its events in the windows that had any.
SELECT
    pipeline,
    replaceOne(segment, 'partition=', '') AS partition,
    sum(numerator) AS late,
    round(100 * sum(numerator) / sum(denominator), 1) AS percent,
    max(window_end) AS latest
FROM realtime.windows
WHERE dimension = 'partition' AND metric = 'late_rate' AND window_start >= now('UTC') - INTERVAL 24 HOUR
GROUP BY pipeline, partition
ORDER BY late DESC, partition;

-- name: freshness
-- How old events are when they arrive, by hour, in seconds: their mean, and the 95th percentile of the worst window.
SELECT
    pipeline,
    toStartOfHour(window_start) AS hour,
    round(sumIf(value * sample_size, metric = 'freshness') / nullIf(sumIf(sample_size, metric = 'freshness'), 0), 1) AS mean,
    round(maxIf(value, metric = 'freshness_p95'), 1) AS worst_p95
FROM realtime.windows
WHERE segment = 'all' AND metric IN ('freshness', 'freshness_p95') AND sample_size > 0
  AND window_start >= now('UTC') - INTERVAL 24 HOUR
GROUP BY pipeline, hour
ORDER BY hour DESC, pipeline;

-- name: incomplete-windows
-- Windows that were not seen whole: not judged, not learned from.
SELECT pipeline, window_start, max(records) AS records
FROM realtime.windows
WHERE complete = 0
GROUP BY pipeline, window_start
ORDER BY window_start DESC, pipeline
LIMIT 20;

-- name: open-incidents
-- What is open now, the oldest first.
SELECT pipeline, kind, segment, severity, opened_at, last_anomaly_at, anomalies, round(loss, 2) AS lost, acknowledged_by, dedup_key
FROM realtime.incidents FINAL
WHERE status = 'open'
ORDER BY opened_at, kind, segment;

-- name: incidents-by-kind
-- The incidents of the last 30 days by kind: how many, how long they lasted, and what they cost.
SELECT
    pipeline,
    kind,
    count() AS incidents,
    countIf(severity = 'critical') AS critical,
    countIf(flapping = 1) AS flapping,
    round(quantileExactLow(0.5)(dateDiff('second', opened_at, last_anomaly_at)) / 60, 1) AS median_minutes,
    round(sumIf(loss, segment = 'all'), 2) AS lost
FROM realtime.incidents FINAL
WHERE opened_at >= now('UTC') - INTERVAL 30 DAY
GROUP BY pipeline, kind
ORDER BY incidents DESC, kind, pipeline;

-- name: time-to-acknowledge
-- How long people took to acknowledge the incidents of the last 30 days, in minutes, by worst severity.
SELECT
    severity,
    count() AS incidents_notified,
    countIf(acknowledged_at IS NOT NULL) AS acknowledged,
    round(quantileExactLow(0.5)(dateDiff('second', notified_at, acknowledged_at)) / 60, 1) AS median_minutes,
    round(max(dateDiff('second', notified_at, acknowledged_at)) / 60, 1) AS longest_minutes
FROM
(
    SELECT
        incident_id,
        argMax(notified_severity, indexOf(['low', 'medium', 'high', 'critical'], notified_severity)) AS severity,
        min(notified) AS notified_at,
        min(acknowledged) AS acknowledged_at
    FROM
    (
        SELECT incident_id, severity AS notified_severity, decided_at AS notified, NULL AS acknowledged
        FROM realtime.notifications FINAL
        WHERE action = 'trigger' AND outcome = 'sent' AND decided_at >= now('UTC') - INTERVAL 30 DAY
        UNION ALL
        SELECT assumeNotNull(incident_id), '', NULL, at
        FROM realtime.actions FINAL
        WHERE action = 'acknowledge'
    )
    GROUP BY incident_id
    HAVING notified_at IS NOT NULL
)
GROUP BY severity
ORDER BY indexOf(['critical', 'high', 'medium', 'low'], severity);

-- name: notifications-by-outcome
-- The messages of the last week by receiver and outcome.
SELECT receiver, action, outcome, count() AS messages, max(attempts) AS most_attempts
FROM realtime.notifications FINAL
WHERE decided_at >= now('UTC') - INTERVAL 7 DAY
GROUP BY receiver, action, outcome
ORDER BY receiver, action, outcome;

-- name: undelivered-notifications
-- Messages that did not arrive, and why.
SELECT decided_at, receiver, kind, outcome, attempts, answer
FROM realtime.notifications FINAL
WHERE outcome IN ('pending', 'refused', 'expired')
ORDER BY decided_at DESC
LIMIT 20;

-- name: delivery-latency
-- How long each receiver took to take a message in the last week, from the decision to its yes, in seconds.
SELECT
    receiver,
    count() AS sent,
    countIf(attempts > 1) AS retried,
    round(quantileExactLow(0.5)(latency_ms) / 1000, 2) AS median_seconds,
    round(quantileExact(0.95)(latency_ms) / 1000, 2) AS p95_seconds,
    round(max(latency_ms) / 1000, 2) AS longest_seconds
FROM realtime.notifications FINAL
WHERE outcome = 'sent' AND decided_at >= now('UTC') - INTERVAL 7 DAY
GROUP BY receiver
ORDER BY receiver;

-- name: not-notified
-- Decisions of the last week that were not sent, and why: a silence, inhibition, or alerts that are off.
SELECT
    receiver,
    outcome,
    if(outcome = 'muted', splitByChar(':', reason)[1], '') AS why,
    count() AS decisions,
    max(decided_at) AS latest
FROM realtime.notifications FINAL
WHERE outcome IN ('muted', 'off') AND decided_at >= now('UTC') - INTERVAL 7 DAY
GROUP BY receiver, outcome, why
ORDER BY decisions DESC, receiver, outcome, why;

-- name: actions-audit
-- Who did what: acknowledgements, labels, silences and their ends, the latest first.
SELECT at, by, via, action, incident_id, silence_id, silence_ends_at, reason
FROM realtime.actions FINAL
ORDER BY at DESC, id
LIMIT 50;

-- name: open-recommendations
-- Idle GPUs, those that cost most first.
SELECT
    pipeline,
    resource,
    gpu,
    provider,
    severity,
    dateDiff('day', since, now('UTC')) AS idle_days,
    round(100 * mean_utilization, 1) AS utilization_percent,
    round(monthly_savings, 2) AS savings_a_month,
    currency
FROM realtime.recommendations FINAL
WHERE status = 'open'
ORDER BY monthly_savings DESC, resource
LIMIT 100;

-- name: rows-and-disk
-- Rows and disk of each table, superseded versions included.
SELECT
    table,
    sum(rows) AS stored_rows,
    formatReadableSize(sum(bytes_on_disk)) AS on_disk,
    round(sum(bytes_on_disk) / sum(rows), 1) AS bytes_per_row
FROM system.parts
WHERE active AND database = 'realtime'
GROUP BY table
ORDER BY sum(bytes_on_disk) DESC;
