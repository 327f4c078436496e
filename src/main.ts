#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { holdHangup } from './hangup.ts'
import { keepHeapSmall } from './small-heap.ts'

// The program takes a second to load. Until then a SIGHUP, which reloads an instance, would end it.
if (process.argv.includes('run')) {
  holdHangup()
  keepHeapSmall()
}
// In a folder of ours, and not in the shared one for temporary files, where others could put code. Where it cannot be
// written, nothing is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/cartwatch-compiled', import.meta.url)))
await import('./program.ts')
