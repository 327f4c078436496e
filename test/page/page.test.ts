import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { labelsOf } from '../../producer/plan.ts'
import { openPaced, type PacedDemo } from '../../src/demo/paced.ts'
import { recentPlan } from '../../src/demo/stream.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { minuteMs } from '../../src/time/units.ts'
import { temporaryFolder } from '../support/program.ts'
import { createRecordedLog } from '../support/recorded-log.ts'
import { until } from '../support/until.ts'
import { accessibilityFaults, openBrowser, openPage, type WatchedPage } from './support/browser.ts'
import { chromiumPath } from './support/chromium.ts'

const ending: (() => void | Promise<void>)[] = []
const plan = recentPlan(1, wallClock.now())
const outage = labelsOf(plan).find(({ kind }) => kind === 'payment_outage')
let demo: PacedDemo
let browser: Browser
let shown: WatchedPage

describe.skipIf(chromiumPath() === undefined)('the page of a demo', () => {
  beforeAll(async () => {
    demo = await openPaced({
      ...{ plan, pipeline: 'demo', paceMs: 0, clock: wallClock, log: createRecordedLog() },
      folder: await temporaryFolder(end => void ending.push(end)),
      onMessage: () => {},
      onMinute: () => {}
    })
    browser = await openBrowser()
    shown = await openPage(browser)
  })

  afterAll(async () => {
    await browser?.close()
    await demo?.close()
    for (const end of ending) await end()
  })

  const text = (pattern: RegExp) => shown.page.getByText(pattern).first().waitFor()

  test('shows an incident when it opens, without a reload, and leads to it', async () => {
    const { page } = shown
    await demo.play(outage?.startMs)
    await page.goto(demo.address)
    await page.getByRole('heading', { name: 'No open incident' }).waitFor()
    await demo.play((outage?.startMs ?? 0) + 15 * minuteMs)
    await page.getByRole('link', { name: /Payment or checkout fails/ }).click()
    await page.getByRole('heading', { level: 1, name: /critical Payment or checkout fails/ }).waitFor()
    await text(/Checkout success dropped by \d+%/)
    await text(/nobody has it yet/)
    await page.getByRole('img', { name: /^Checkout success rate, .* anomalous windows/ }).waitFor()
    await page.getByRole('heading', { name: 'What else it shows in' }).waitFor()
    await page.getByRole('img', { name: /^Revenue, .* anomalous windows/ }).waitFor()
  })

  test('shows who would no longer be notified before an incident is silenced', async () => {
    const { page } = shown
    await page.keyboard.press('s')
    const dialog = page.getByRole('dialog', { name: 'Silence' })
    await dialog.getByText(/No longer notified:.*critical/).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  test('tells everybody who acknowledged', async () => {
    const { page } = shown
    await page.keyboard.press('a')
    const dialog = page.getByRole('dialog', { name: 'Acknowledge' })
    await dialog.getByRole('textbox', { name: 'Your name' }).fill('Ann')
    await dialog.getByRole('button', { name: 'Acknowledge' }).click()
    await text(/Acknowledged by Ann\./)
    await text(/Ann has it since/)
    await until('a message in the local Slack that names Ann', () =>
      demo.inbox.messages.some(
        ({ type, accepted, body }) => type === 'slack' && accepted && JSON.stringify(body).includes('Ann')
      )
    )
  })

  test('goes to what is typed, and lists its keys', async () => {
    const { page } = shown
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).getByRole('button', { name: 'Close' }).click()
    await page.keyboard.press('/')
    await page.getByRole('searchbox').fill('explore conv')
    await page.getByRole('button', { name: 'Explore Conversion rate' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: 'Conversion rate' }).waitFor()
    await page.getByRole('img', { name: /^Conversion rate, / }).waitFor()
  })

  test('has a link that shows the same view again, and its windows as CSV', async () => {
    const { page, context } = shown
    await page.getByRole('combobox', { name: 'Metric' }).selectOption('orders')
    await page.getByRole('heading', { level: 2, name: 'Orders' }).waitFor()
    await page.getByRole('combobox', { name: 'Segment' }).selectOption('country=DE')
    await page.getByRole('heading', { level: 2, name: 'Orders of country DE' }).waitFor()
    await page.getByRole('checkbox', { name: 'Compare with a week before' }).check()
    const link = await page.getByRole('link', { name: 'Link to this view' }).getAttribute('href')
    const csv = await page.getByRole('link', { name: 'CSV' }).getAttribute('href')
    const again = await context.newPage()
    await again.goto(`${demo.address}${link}`)
    await again.getByRole('heading', { level: 2, name: 'Orders of country DE' }).waitFor()
    expect(await again.getByRole('checkbox', { name: 'Compare with a week before' }).isChecked()).toBe(true)
    await again.close()
    const answer = await fetch(`${demo.address}${csv}`)
    expect(answer.headers.get('content-type')).toContain('text/csv')
    expect((await answer.text()).split('\n').length).toBeGreaterThan(60)
  })

  test('makes a silence and ends it', async () => {
    const { page } = shown
    await page.getByRole('link', { name: 'Silences' }).click()
    await text(/No silence lasts/)
    await page.getByRole('textbox', { name: 'Kind' }).fill('traffic_spike')
    await page.getByRole('textbox', { name: 'Reason' }).fill('load test')
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ann')
    await text(/No open incident is like this/)
    await page.getByRole('button', { name: 'Silence', exact: true }).click()
    await page.getByRole('cell', { name: 'load test' }).waitFor()
    await page.getByRole('button', { name: 'End the silence of Traffic spike' }).click()
    await text(/No silence lasts/)
  })

  test('sends a test to a receiver, and says with what reason each message went', async () => {
    const { page } = shown
    await page.getByRole('link', { name: 'Deliveries' }).click()
    await page.getByRole('button', { name: 'Send a test to critical' }).click()
    await text(/^accepted: 200 ok/)
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('sent')
    await page
      .getByRole('row', { name: /critical .*Checkout failure, whole shop.* sent/ })
      .first()
      .waitFor()
  })

  test('says which route an alert takes', async () => {
    const { page } = shown
    await page.getByRole('link', { name: 'Routes' }).click()
    await page.getByRole('textbox', { name: 'Kind' }).fill('traffic_spike')
    await page.getByRole('combobox', { name: 'Severity' }).selectOption('medium')
    await page.getByRole('button', { name: 'Try' }).click()
    await page.getByRole('heading', { name: 'Notified: technical' }).waitFor()
  })

  const paths = ['/', '/incidents', '/explore', '/silences', '/receivers', '/routes', '/tune']
  const views = paths.flatMap(path => [[path, 'light'] as const, [path, 'dark'] as const])

  test.each(views)('has no fault of accessibility at %s in %s', async (path, colorScheme) => {
    const { page, faults, context } = await openPage(browser, { colorScheme })
    await page.goto(`${demo.address}${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByText(/^Loading/).waitFor({ state: 'detached' })
    expect(await accessibilityFaults(page)).toEqual([])
    expect(faults).toEqual([])
    await context.close()
  })

  test.each(['light', 'dark'] as const)(
    'has none on an incident, nor in its dialogs, in %s',
    async colorScheme => {
      const { page, faults, context } = await openPage(browser, {
        colorScheme,
        viewport: { width: 360, height: 740 }
      })
      await page.goto(demo.address)
      await page.getByRole('link', { name: /Payment or checkout fails/ }).click()
      await page.getByRole('heading', { name: 'What happened' }).waitFor()
      expect(await accessibilityFaults(page)).toEqual([])
      await page.getByRole('button', { name: 'Silence …' }).click()
      await page.getByText(/No longer notified/).waitFor()
      expect(await accessibilityFaults(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      expect(faults).toEqual([])
      await context.close()
    }
  )

  test('says that it is over, in Now and in the incident', async () => {
    const { page } = shown
    await page.getByRole('link', { name: 'Now' }).click()
    await page.getByRole('link', { name: /Payment or checkout fails/ }).waitFor()
    await demo.play()
    await page.getByRole('heading', { name: 'Over, in the last day' }).waitFor()
    await page.getByRole('link', { name: /Events are missing/ }).click()
    await page.getByText(/^over: /).waitFor()
    expect(shown.faults).toEqual([])
  })

  test('shows what a threshold would have found, and that another one finds less', async () => {
    const { page } = shown
    await page.goto(`${demo.address}/tune?kind=data_gone`)
    await text(/^Data gone has no threshold/)
    await page.goto(`${demo.address}/tune?kind=checkout_failure&days=1`)
    await page.getByRole('button', { name: 'Try thresholds' }).click()
    const slider = page.getByRole('slider', { name: /^Drop:/ })
    await slider.waitFor()
    expect(await slider.getAttribute('aria-valuetext')).toBe('50 %, as configured')
    await page.getByRole('heading', { name: '2 incidents would have opened' }).waitFor()
    await page.getByRole('img', { name: /^Checkout success rate, / }).waitFor()
    await slider.press('End')
    await page.getByRole('heading', { name: '0 incidents would have opened' }).waitFor()
    expect(await slider.getAttribute('aria-valuetext')).toBe('95 %')
    await text(/configured: 2/)
    await page.getByText('drop: 95%').waitFor()
    await page.getByRole('spinbutton', { name: 'Another value, in %' }).fill('80')
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByRole('rowheader', { name: '80 %' }).waitFor()
    expect(await slider.getAttribute('aria-valuetext')).toBe('80 %')
    expect(await accessibilityFaults(page)).toEqual([])
    expect(shown.faults).toEqual([])
  })

  test('shows the settings of a kind without a chart of the whole shop, at the width of a telephone', async () => {
    const { page, faults, context } = await openPage(browser, { viewport: { width: 360, height: 740 } })
    await page.goto(`${demo.address}/tune?kind=schema_drift&days=1`)
    await page.getByRole('button', { name: 'Try thresholds' }).click()
    await page.getByRole('heading', { name: '0 incidents would have opened' }).waitFor()
    await page.getByText(/^No window of this time has a value/).waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(faults).toEqual([])
    await context.close()
  })

  test('says that what it shows is from before once nothing answers', async () => {
    await demo.close()
    await text(/No connection to cartwatch since/)
  })
})
