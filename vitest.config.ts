import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/support/long-first.ts'

/** They end a test that hangs; what a test waits for has a deadline of its own (test/support/until.ts). */
const patience = { testTimeout: 600_000, hookTimeout: 300_000 }

/** Tests that start processes, and mostly wait for them. */
const ofProcesses = {
  ...patience,
  globalSetup: ['./test/support/global-setup.ts'],
  maxWorkers: 3,
  // As with the units: a file starts a second sooner.
  isolate: false,
  sequence: { groupOrder: 1 },
  // What Node compiles of the program is kept: the tests start it some hundred times.
  env: { NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.cache/node-compiled` }
}

/** They replace modules of the program, which tests that share their process would see. */
const replacingModules = ['test/unit/extending/*.test.ts']

const ofUnits = { ...patience, maxWorkers: '100%' }

// biome-ignore lint/style/noDefaultExport: Vitest takes its configuration as the default export.
export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          ...ofUnits,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: replacingModules,
          // The files of a worker share what they import: half the time goes into loading it otherwise.
          isolate: false,
          sequence: { groupOrder: 0 }
        }
      },
      { test: { ...ofUnits, name: 'unit-alone', include: replacingModules, sequence: { groupOrder: 0 } } },
      { test: { ...ofProcesses, name: 'integration', include: ['test/integration/**/*.test.ts'] } },
      { test: { ...ofProcesses, name: 'faults', include: ['test/faults/**/*.test.ts'] } }
    ]
  }
})
