import { expect, test } from 'vitest'
import { renderProblems } from '../../../../src/channel/check/check.ts'
import { inLanguageOf } from '../../../../src/channel/in-language.ts'
import { composeMessage } from '../../../../src/channel/message/message.ts'
import { type Language, languages } from '../../../../src/language/language.ts'
import type { ReceiverSettings } from '../../../../src/routing/receiver.ts'
import { recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { emailTo, pagerDutyTo, slackBotTo, slackTo, teamsTo, webhookTo } from '../../../support/channels.ts'

const url = 'https://hooks.example/x'
const receivers: readonly ReceiverSettings[] = [
  slackTo(url),
  slackBotTo(url, 'xoxb-1'),
  pagerDutyTo(url, 'key'),
  emailTo(25),
  teamsTo(url),
  webhookTo(url)
]

test("a receiver's own language comes before that of all, and the currency is still asked at each message", () => {
  let currency = 'EUR'
  const options = {
    ...renderOptionsOf({ language: 'fr' }),
    get currency() {
      return currency
    }
  }
  const titleIn = (receiver: ReceiverSettings) =>
    composeMessage(recordOf(), inLanguageOf(receiver, options)).title
  expect(titleIn(slackTo(url))).toBe('ÉLEVÉE\u00a0: Chute du chiffre d’affaires')
  const english = inLanguageOf({ ...slackTo(url), language: 'en' }, options)
  expect(composeMessage(recordOf(), english).title).toBe('HIGH: Revenue drop')
  const french = inLanguageOf({ ...slackTo(url), language: 'fr' }, renderOptionsOf())
  expect(composeMessage(recordOf(), french).title).toBe('ÉLEVÉE\u00a0: Chute du chiffre d’affaires')
  currency = 'USD'
  expect(english.currency).toBe('USD')
})

test('messages of every kind fit into every receiver, in each language', () => {
  for (const language of languages) {
    const named = receivers.map((receiver, at) => [`r${at}`, { ...receiver, language }] as const)
    expect(renderProblems(new Map(named), renderOptionsOf({ interactive: true }))).toEqual([])
  }
})

test('messages are tried once for each type and language', () => {
  const tried = (...chosen: readonly Language[]) => {
    let asked = 0
    const named = chosen.map((language, at) => [`r${at}`, { ...slackTo(url), language }] as const)
    const incidentUrl = () => {
      asked += 1
      return null
    }
    renderProblems(new Map(named), renderOptionsOf({ incidentUrl }))
    return asked
  }
  expect(tried('fr', 'fr')).toBe(tried('fr'))
  expect(tried('fr', 'en')).toBe(2 * tried('fr'))
})

test('what cannot be rendered in one language is said of the receivers that have it', () => {
  const broken = renderOptionsOf({ currency: '??' })
  const named = languages.map(language => [language, { ...slackTo(url), language }] as const)
  expect(renderProblems(new Map(named), broken).map(({ path }) => path)).toEqual([
    ['receivers', 'en'],
    ['receivers', 'fr']
  ])
})
