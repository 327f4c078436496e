import { ExponentialBackoff, type IBackoff, type IBackoffFactory, noJitterGenerator } from 'cockatiel'

export type Backoff = IBackoff<unknown>

/** Waits of about 1, 2, 4 … seconds, each between half and one and a half of that. `random` is in [0, 1). */
export function createBackoff(random: () => number): IBackoffFactory<unknown> {
  return new ExponentialBackoff<number>({
    initialDelay: 1_000,
    generator(tries, options) {
      const [delayMs, next] = noJitterGenerator(tries, options)
      return [delayMs * (0.5 + random()), next]
    }
  })
}
