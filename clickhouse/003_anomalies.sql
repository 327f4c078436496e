-- Every detection and re-detection; the view below shows each anomaly once.
CREATE TABLE IF NOT EXISTS realtime.anomalies_log
(
    id String,
    pipeline LowCardinality(String),
    anomaly_type LowCardinality(String),
    severity LowCardinality(String),
    metric LowCardinality(String),
    segment String,
    metric_value Nullable(Float64),
    expected_value Nullable(Float64),
    details String,
    window_start DateTime64(3, 'UTC'),
    window_end DateTime64(3, 'UTC'),
    detected_at DateTime64(3, 'UTC'),
    evidence String COMMENT 'What the finding rests on, a JSON object',
    config_hash String,
    version DateTime64(3, 'UTC') DEFAULT now64(3),
    inserted_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (pipeline, id)
TTL inserted_at + toIntervalDay(90);

CREATE VIEW IF NOT EXISTS realtime.anomalies AS
SELECT
    id,
    pipeline,
    anomaly_type,
    severity,
    metric,
    segment,
    metric_value,
    expected_value,
    details,
    window_start,
    window_end,
    detected_at,
    evidence,
    config_hash
FROM realtime.anomalies_log FINAL;
