import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startInbound } from '../support/inbound.ts'
import { accessibilityFaults, openBrowser, openPage } from './support/browser.ts'
import { chromiumPath } from './support/chromium.ts'

const secrets = {
  linkSecret: null,
  slackSigningSecret: null,
  pagerdutyWebhookSecret: null,
  apiToken: null,
  intakeToken: null,
  password: ['planted-password-of-people'],
  viewPassword: ['planted-password-of-viewers']
}

describe.skipIf(chromiumPath() === undefined)('where people sign in', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())

  test('a wrong password is refused, and a right one opens the page under their name', async ({
    onTestFinished
  }) => {
    const { url } = await startInbound(onTestFinished, { secrets })
    const { page, context, faults } = await openPage(browser)
    await page.goto(`${url}/incidents`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    const signIn = async (password: string) => {
      await page.getByRole('textbox', { name: 'Your name' }).fill('Ann')
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
    }
    await signIn('guessed-password-of-people')
    await page.getByText('This is not the password.').waitFor()
    await signIn('planted-password-of-people')
    await page.getByText('Signed in as Ann').waitFor()
    await page.getByRole('link', { name: /Revenue drop/ }).waitFor()
    await page.reload()
    await page.getByText('Signed in as Ann').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(faults).toEqual([])
    await context.close()
  })

  test('who may only look has no buttons', async ({ onTestFinished }) => {
    const { url } = await startInbound(onTestFinished, { secrets })
    const { page, context } = await openPage(browser)
    await page.goto(`${url}/silences`)
    await page.getByRole('textbox', { name: 'Your name' }).fill('Vic')
    await page.getByLabel('Password').fill('planted-password-of-viewers')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Signed in as Vic, who may look and change nothing').waitFor()
    await page.getByText(/No silence lasts/).waitFor()
    expect(await page.locator('main').getByRole('button').count()).toBe(0)
    await context.close()
  })
})
