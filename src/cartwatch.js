#!/usr/bin/env node
// Plain JavaScript, because Node loads a compiler for the first file in TypeScript that is not in the cache: that alone
// takes as long as all else that `--help` needs.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// An instance bounds its heap, and with other flags V8 takes nothing of what it compiled: with one folder for all, an
// instance and other commands would compile everything anew in turn.
const use = process.argv.includes('run') ? 'run' : 'commands'
// In a folder of ours, and not in the shared one for temporary files, where others could put code. Where it cannot be
// written, nothing is kept.
enableCompileCache(
  fileURLToPath(new URL(`../node_modules/.cache/cartwatch-compiled/${use}`, import.meta.url))
)
await import('./main.ts')
