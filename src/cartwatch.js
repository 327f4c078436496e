#!/usr/bin/env node
// Plain JavaScript, because Node loads a compiler for the first file in TypeScript that is not in the cache: that alone
// takes as long as all else that `--help` needs.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// In a folder of ours, and not in the shared one for temporary files, where others could put code. Where it cannot be
// written, nothing is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/cartwatch-compiled', import.meta.url)))
await import('./main.ts')
