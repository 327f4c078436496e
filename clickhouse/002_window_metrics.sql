-- One row per (pipeline, metric, segment, window_start); of several the one with the most records counts.
CREATE TABLE IF NOT EXISTS realtime.window_metrics
(
    pipeline LowCardinality(String),
    metric LowCardinality(String),
    segment String,
    window_start DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    window_end DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    value Nullable(Float64) COMMENT 'What a person reads; NULL for a ratio without a denominator',
    numerator Float64,
    denominator Float64,
    sample_size Float64,
    squares Float64 COMMENT 'Of a sum: the sum of the squares of its terms',
    complete UInt8 COMMENT '0 where a part of the window was never seen',
    records UInt64 COMMENT 'Records counted into the window: the version, a fuller row wins',
    inserted_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree(records)
ORDER BY (pipeline, metric, segment, window_start)
TTL inserted_at + toIntervalDay(90);

CREATE VIEW IF NOT EXISTS realtime.windows AS
SELECT
    pipeline,
    metric,
    segment,
    window_start,
    window_end,
    value,
    numerator,
    denominator,
    sample_size,
    squares,
    complete,
    records
FROM realtime.window_metrics FINAL;
