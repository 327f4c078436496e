-- What could be saved: one row per resource and finding; of several the one evaluated last counts.
CREATE TABLE IF NOT EXISTS realtime.recommendations
(
    id String,
    pipeline LowCardinality(String),
    kind LowCardinality(String) COMMENT 'idle_gpu',
    resource String,
    gpu LowCardinality(Nullable(String)),
    provider LowCardinality(Nullable(String)),
    model LowCardinality(Nullable(String)),
    severity LowCardinality(String),
    status LowCardinality(String) COMMENT 'open or ended',
    since DateTime64(3, 'UTC') COMMENT 'Where the first idle day began',
    last_seen DateTime64(3, 'UTC') COMMENT 'The end of the last window with the resource',
    mean_utilization Float64 COMMENT 'A share, 0 to 1',
    daily_cost Float64 COMMENT 'The mean of its days',
    monthly_savings Float64 COMMENT '30 such days',
    currency LowCardinality(String),
    ended_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When it was seen to work again, or to be gone',
    evaluated_at DateTime64(3, 'UTC') COMMENT 'The version',
    inserted_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree(evaluated_at)
ORDER BY (pipeline, id)
TTL inserted_at + toIntervalDay(90);
