import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { chromiumPath } from './chromium.ts'

/** It ends a test that hangs. */
const patienceMs = 240_000

export const openBrowser = (): Promise<Browser> =>
  // As root, which CI is, Chromium runs without its sandbox only.
  chromium.launch({ executablePath: chromiumPath() ?? '', args: ['--no-sandbox'] })

export interface WatchedPage {
  readonly page: Page
  readonly context: BrowserContext
  /** What the policy of the page forbade, and errors of its script. */
  readonly faults: readonly string[]
}

/** A page of its own, of which every fault is kept. */
export async function openPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {}
): Promise<WatchedPage> {
  const context = await browser.newContext({ timezoneId: 'Europe/Berlin', ...options })
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    if (/content security policy/i.test(message.text())) faults.push(message.text())
  })
  return { page, context, faults }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** What axe-core finds on a page, a line each. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const violations = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then(found => found.violations)'
  )) as readonly Violation[]
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary}`)
  )
}
