// Takes the pictures of the README from the demo's data: the page while an incident lasts, and its afternoon.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { labelsOf } from '../producer/plan.ts'
import { openPaced } from '../src/demo/paced.ts'
import { recentPlan } from '../src/demo/stream.ts'
import { wallClock } from '../src/telemetry/clock.ts'
import { minuteMs } from '../src/time/units.ts'
import { openBrowser } from '../test/page/support/browser.ts'
import { chromiumPath } from '../test/page/support/chromium.ts'

const sizes = [
  { width: 1_280, height: 960 },
  { width: 360, height: 740 }
]

if (chromiumPath() === undefined)
  throw new Error('no Chromium: set CHROMIUM_PATH, or install the package chromium')
const folder = await mkdtemp(join(tmpdir(), 'cartwatch-screenshots-'))
const plan = recentPlan(1, wallClock.now())
const silent = () => {}
const demo = await openPaced({
  ...{ plan, folder, pipeline: 'shop', paceMs: 0, clock: wallClock },
  log: { debug: silent, info: silent, warn: silent, error: silent },
  onMessage: silent,
  onMinute: silent
})
const browser = await openBrowser()
try {
  const outage = labelsOf(plan).find(({ kind }) => kind === 'payment_outage')
  await demo.play((outage?.startMs ?? 0) + 15 * minuteMs)
  await take('now', '/', async page => {
    await page.getByRole('link', { name: /Payment or checkout fails/ }).waitFor()
  })
  await take('incident', '/', async page => {
    await page.getByRole('link', { name: /Payment or checkout fails/ }).click()
    await page.getByRole('heading', { name: 'What happened' }).waitFor()
  })
  await demo.play()
  await take('explore', '/explore?metric=revenue&last=8', async page => {
    await page.getByRole('heading', { name: 'Anomalies' }).waitFor()
  })
  await take('tune', '/tune?kind=checkout_failure&days=1', async page => {
    const slider = page.getByRole('slider')
    await page.getByRole('button', { name: 'Try thresholds' }).or(slider).first().waitFor()
    if (!(await slider.isVisible())) await page.getByRole('button', { name: 'Try thresholds' }).click()
    await slider.waitFor()
    await page.getByRole('heading', { name: /would have opened/ }).waitFor()
    await page.locator('.plot canvas').waitFor()
  })
} finally {
  await browser.close()
  await demo.close()
  await rm(folder, { recursive: true, force: true })
}

/** A view in each size, once it shows what it is to show. */
async function take(name: string, path: string, ready: (page: Page) => Promise<void>): Promise<void> {
  for (const viewport of sizes) {
    const page = await browser.newPage({ viewport, timezoneId: 'UTC', reducedMotion: 'reduce' })
    await page.goto(`${demo.address}${path}`)
    await ready(page)
    const file = fileURLToPath(new URL(`../docs/page-${name}-${viewport.width}.png`, import.meta.url))
    await page.screenshot({ path: file, fullPage: viewport.width > 400 && name === 'now' })
    await page.close()
    process.stdout.write(`${file}\n`)
  }
}
