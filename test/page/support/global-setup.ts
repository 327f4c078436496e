import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { chromiumPath } from './chromium.ts'

/** Builds the page as it is now, which also refuses one whose scripts are too large. */
export function setup(): void {
  const script = fileURLToPath(new URL('../../../scripts/build-page.js', import.meta.url))
  process.stdout.write(execFileSync(process.execPath, [script]))
  if (chromiumPath() !== undefined) return
  const reason =
    'no Chromium (CHROMIUM_PATH, or Debian’s package chromium): tests of the page in a browser are skipped'
  if (process.env['CI'] === 'true') throw new Error(reason)
  console.warn(reason)
}
