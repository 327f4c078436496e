import type { QuantileSketch } from './types.ts'

/** Relative error of a quantile. */
const accuracy = 0.01
const gamma = (1 + accuracy) / (1 - accuracy)
const perBucket = 1 / Math.log(gamma)
/** Enough for the greatest integers that a double holds. */
const maxBuckets = Math.ceil(Math.log(Number.MAX_SAFE_INTEGER) * perBucket) + 1
const firstBuckets = 64

/** DDSketch (Masson et al., 2019): a value's bucket is its rounded logarithm, so counts of buckets merge exactly. */
export function createQuantileSketch(): QuantileSketch {
  const own = { negative: new Float64Array(0), zero: 0, positive: new Float64Array(0) }
  let count = 0

  return {
    add(value) {
      count++
      if (value > 0) own.positive = withOneMore(own.positive, bucketOf(value))
      else if (value < 0) own.negative = withOneMore(own.negative, bucketOf(-value))
      else own.zero++
    },
    count: () => count,
    buckets: () => own,
    quantileWith(others, share) {
      const parts = [own, ...others.map(other => other.buckets())]
      const total = count + others.reduce((sum, other) => sum + other.count(), 0)
      return total === 0 ? undefined : quantile(parts, Math.max(1, Math.ceil(share * total)))
    }
  }
}

type Buckets = ReturnType<QuantileSketch['buckets']>

/** The value of a rank, counted from 1. */
function quantile(parts: readonly Buckets[], rank: number): number {
  let left = rank
  for (let bucket = lengthOf(parts, 'negative') - 1; bucket >= 0; bucket--) {
    left -= countAt(parts, 'negative', bucket)
    if (left <= 0) return -middleOf(bucket)
  }
  for (const { zero } of parts) left -= zero
  if (left <= 0) return 0
  let bucket = 0
  while (left > 0) left -= countAt(parts, 'positive', bucket++)
  return middleOf(bucket - 1)
}

type Sign = 'negative' | 'positive'

const lengthOf = (parts: readonly Buckets[], sign: Sign) => Math.max(...parts.map(part => part[sign].length))

const countAt = (parts: readonly Buckets[], sign: Sign, bucket: number) =>
  parts.reduce((sum, part) => sum + (part[sign][bucket] ?? 0), 0)

const logarithmOf = (size: number) => Math.min(Math.ceil(Math.log(size) * perBucket), maxBuckets - 1)

/** Most values are ages of a few milliseconds: their buckets are computed once. */
const smallBuckets = Uint16Array.from({ length: 4_096 }, (_, size) => (size === 0 ? 0 : logarithmOf(size)))

const bucketOf = (size: number) =>
  size < smallBuckets.length ? (smallBuckets[size] as number) : logarithmOf(size)

/** A value with the same relative distance from both ends of the bucket. */
const middleOf = (bucket: number) => (2 * gamma ** bucket) / (gamma + 1)

function withOneMore(buckets: Float64Array<ArrayBuffer>, bucket: number): Float64Array<ArrayBuffer> {
  let wide = buckets
  if (bucket >= buckets.length) {
    let length = Math.max(firstBuckets, buckets.length)
    while (length <= bucket) length *= 2
    wide = new Float64Array(Math.min(length, maxBuckets))
    wide.set(buckets)
  }
  wide[bucket] = (wide[bucket] as number) + 1
  return wide
}
