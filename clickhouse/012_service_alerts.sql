-- Alerts that other services raised, as they were accepted.
CREATE TABLE IF NOT EXISTS realtime.service_alerts
(
    id String,
    pipeline LowCardinality(String),
    kind LowCardinality(String),
    segment String COMMENT 'What it is about',
    severity LowCardinality(String),
    status LowCardinality(String) COMMENT 'firing or resolved',
    at DateTime64(3, 'UTC') COMMENT 'When it was accepted',
    occurred_at DateTime64(3, 'UTC') COMMENT 'When it happened, as the service says',
    rate_key String COMMENT 'Its kind and model, of which so many a minute are accepted',
    incident_id String,
    details String,
    state String COMMENT 'The whole record, a JSON object: what cartwatch reads back' CODEC(ZSTD),
    inserted_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (pipeline, id)
TTL inserted_at + toIntervalDay(90);
