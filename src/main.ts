#!/usr/bin/env node
import { holdHangup } from './hangup.ts'

// The program takes a second to load. Until then a SIGHUP, which reloads an instance, would end it.
if (process.argv.includes('run')) holdHangup()
await import('./program.ts')
