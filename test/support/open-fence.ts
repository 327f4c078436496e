import type { Fence } from '../../src/source/fence.ts'

/** Of a process that never stands still. */
export const openFence: Fence = { joined() {}, heartbeat() {}, pass: async () => {}, shutForMs: () => 0 }
