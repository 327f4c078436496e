import { defineConfig } from 'vitest/config'

/** Unit tests that take many seconds or start processes, to which a changed line does not reach. */
const tooLong = [
  'test/unit/generators/**',
  'test/unit/producer/**',
  'test/unit/scripts/**',
  'test/unit/decide/warm-up-restart.test.ts',
  'test/unit/detectors/segments/quiet.test.ts',
  'test/unit/channel/accepted.test.ts'
]

// biome-ignore lint/style/noDefaultExport: Vitest takes its configuration as the default export.
export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    exclude: tooLong,
    testTimeout: 120_000,
    env: { TEST_TRIES: '0.2' }
  }
})
