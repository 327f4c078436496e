-- The states of each incident; of several rows the one that has taken in the latest window counts.
CREATE TABLE IF NOT EXISTS realtime.incidents
(
    id String,
    pipeline LowCardinality(String),
    kind LowCardinality(String),
    segment String,
    status LowCardinality(String),
    severity LowCardinality(String),
    opened_at DateTime64(3, 'UTC'),
    last_anomaly_at DateTime64(3, 'UTC'),
    resolved_at Nullable(DateTime64(3, 'UTC')),
    last_window_end DateTime64(3, 'UTC'),
    clear_windows UInt32,
    last_clear_at Nullable(DateTime64(3, 'UTC')),
    notified_at Nullable(DateTime64(3, 'UTC')),
    notified_severity LowCardinality(Nullable(String)),
    dedup_key Nullable(String),
    dedup_receivers Array(String),
    anomalies UInt32,
    state String COMMENT 'The whole record, a JSON object: what cartwatch reads back' CODEC(ZSTD),
    inserted_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree(last_window_end)
ORDER BY (pipeline, id)
TTL inserted_at + toIntervalDay(90);
