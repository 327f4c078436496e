import { holdHangup } from './hangup.ts'
import { keepHeapSmall } from './small-heap.ts'

// The program takes a moment to load. Until then a SIGHUP, which reloads an instance, would end it.
if (process.argv.includes('run')) {
  holdHangup()
  keepHeapSmall()
}
await import('./program.ts')
