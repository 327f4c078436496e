-- The outcomes of each message to one receiver; of several rows the one updated last counts.
CREATE TABLE IF NOT EXISTS realtime.notifications
(
    id String,
    pipeline LowCardinality(String),
    incident_id String,
    receiver LowCardinality(String),
    action LowCardinality(String),
    kind LowCardinality(String),
    segment String,
    severity LowCardinality(String),
    dedup_key Nullable(String),
    anomaly_ids Array(String),
    reason LowCardinality(String),
    decided_at DateTime64(3, 'UTC'),
    outcome LowCardinality(String),
    attempts UInt32,
    answer String,
    updated_at DateTime64(3, 'UTC'),
    state String COMMENT 'The whole record, a JSON object: what cartwatch reads back' CODEC(ZSTD),
    inserted_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (pipeline, id)
TTL inserted_at + toIntervalDay(90);
