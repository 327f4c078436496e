-- What a segment is a value of, and which segments explain an anomaly.
ALTER TABLE realtime.window_metrics
    ADD COLUMN IF NOT EXISTS dimension LowCardinality(String)
    DEFAULT if(segment = 'all', 'all', splitByChar('=', segment)[1]) AFTER metric;

CREATE OR REPLACE VIEW realtime.windows AS
SELECT
    pipeline,
    metric,
    dimension,
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

ALTER TABLE realtime.anomalies_log
    ADD COLUMN IF NOT EXISTS explained_by Array(String)
    COMMENT 'Segments that explain it, the greatest share of the change first' AFTER evidence;

CREATE OR REPLACE VIEW realtime.anomalies AS
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
    explained_by,
    evidence,
    config_hash
FROM realtime.anomalies_log FINAL;
