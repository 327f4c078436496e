-- What was expected of each judged metric and segment in a window, and outside of what a finding would have begun.
ALTER TABLE realtime.window_metrics
    ADD COLUMN IF NOT EXISTS expected Nullable(Float64) COMMENT 'In the unit of value; NULL where the window was not judged' CODEC(ZSTD) AFTER squares,
    ADD COLUMN IF NOT EXISTS lower Nullable(Float64) COMMENT 'At or below it a finding begins; NULL where no value of one window is too low' CODEC(ZSTD) AFTER expected,
    ADD COLUMN IF NOT EXISTS upper Nullable(Float64) COMMENT 'At or above it a finding begins; NULL where no value of one window is too high' CODEC(ZSTD) AFTER lower,
    ADD COLUMN IF NOT EXISTS band LowCardinality(String) COMMENT 'judged, warming_up or incomplete; empty where nothing watches it' AFTER upper;

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
    expected,
    lower,
    upper,
    band,
    complete,
    records
FROM realtime.window_metrics FINAL;
