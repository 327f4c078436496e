import { defineConfig } from 'vitest/config'

const realKafka = ['./test/support/global-setup.ts']
/** They end a test that hangs; what a test waits for has a deadline of its own (test/support/until.ts). */
const patience = { testTimeout: 600_000, hookTimeout: 300_000 }

// biome-ignore lint/style/noDefaultExport: Vitest takes its configuration as the default export.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...patience,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          maxWorkers: '100%',
          sequence: { groupOrder: 0 }
        }
      },
      {
        test: {
          ...patience,
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: realKafka,
          maxWorkers: 2,
          sequence: { groupOrder: 1 }
        }
      },
      {
        test: {
          ...patience,
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: realKafka,
          maxWorkers: 2,
          sequence: { groupOrder: 2 }
        }
      }
    ]
  }
})
