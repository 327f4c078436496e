import { existsSync } from 'node:fs'

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
]

/** The browser of this machine: CHROMIUM_PATH, or where it usually is; undefined where there is none. */
export function chromiumPath(): string | undefined {
  const { CHROMIUM_PATH } = process.env
  return CHROMIUM_PATH ?? usual.find(path => existsSync(path))
}
