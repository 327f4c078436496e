import { defineConfig } from 'vitest/config'

/**
 * Unit tests that take many seconds for what shorter ones show too; those of processes, to which no change reaches; and
 * those that replace modules, which the others of the process would see.
 */
const leftOut = [
  'test/unit/extending/**',
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
    include: [`${process.env['MUTANTS_TESTS'] ?? 'test/unit'}/**/*.test.ts`],
    exclude: leftOut,
    isolate: false,
    testTimeout: 120_000,
    env: { TEST_TRIES: '0.2' }
  }
})
