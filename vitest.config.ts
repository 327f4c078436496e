import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/support/long-first.ts'

/** They end a test that hangs; what a test waits for has a deadline of its own (test/support/until.ts). */
const patience = { testTimeout: 1_200_000, hookTimeout: 600_000 }

/** They fill the cores, and so run first and by themselves: beside them, tests of processes would take twice as long. */
const ofUnits = {
  ...patience,
  maxWorkers: 2,
  sequence: { groupOrder: 0 },
  setupFiles: ['./test/support/drawn-examples.ts']
}

/** Tests that start processes, and mostly wait for them: more of them at once than there are cores. */
const ofProcesses = {
  ...patience,
  maxWorkers: 4,
  sequence: { groupOrder: 1 },
  globalSetup: ['./test/support/global-setup.ts'],
  // As with the units: a file starts a second sooner.
  isolate: false,
  // What Node compiles of the program is kept: the tests start it some hundred times.
  env: { NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.cache/node-compiled` }
}

/** They replace modules of the program, which tests that share their process would see. */
const replacingModules = ['test/unit/extending/*.test.ts', 'test/unit/language/told.test.ts']

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
          isolate: false
        }
      },
      { test: { ...ofUnits, name: 'unit-alone', include: replacingModules } },
      { test: { ...ofProcesses, name: 'integration', include: ['test/integration/**/*.test.ts'] } },
      { test: { ...ofProcesses, name: 'faults', include: ['test/faults/**/*.test.ts'] } },
      {
        test: {
          ...ofProcesses,
          name: 'page',
          include: ['test/page/**/*.test.ts'],
          globalSetup: ['./test/page/support/global-setup.ts']
        }
      }
    ]
  }
})
