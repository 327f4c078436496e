import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/support/long-first.ts'

/** They end a test that hangs; what a test waits for has a deadline of its own (test/support/until.ts). */
const patience = { testTimeout: 1_200_000, hookTimeout: 600_000 }

/**
 * Of all projects together, which Vitest asks for to run them side by side: processes mostly wait, and units fill the
 * cores meanwhile.
 */
const ofAll = { ...patience, maxWorkers: 3 }

/** Tests that start processes, and mostly wait for them. */
const ofProcesses = {
  ...ofAll,
  globalSetup: ['./test/support/global-setup.ts'],
  // As with the units: a file starts a second sooner.
  isolate: false,
  // What Node compiles of the program is kept: the tests start it some hundred times.
  env: { NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.cache/node-compiled` }
}

/** They replace modules of the program, which tests that share their process would see. */
const replacingModules = ['test/unit/extending/*.test.ts']

// biome-ignore lint/style/noDefaultExport: Vitest takes its configuration as the default export.
export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          ...ofAll,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: replacingModules,
          // The files of a worker share what they import: half the time goes into loading it otherwise.
          isolate: false
        }
      },
      { test: { ...ofAll, name: 'unit-alone', include: replacingModules } },
      { test: { ...ofProcesses, name: 'integration', include: ['test/integration/**/*.test.ts'] } },
      { test: { ...ofProcesses, name: 'faults', include: ['test/faults/**/*.test.ts'] } }
    ]
  }
})
