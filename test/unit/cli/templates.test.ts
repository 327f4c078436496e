import { describe, expect, test } from 'vitest'
import { createTemplates } from '../../../src/channel/template/templates.ts'
import { templatesCommand } from '../../../src/cli/templates/command.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { renderOptionsOf } from '../../support/alerts.ts'

const source = `
receivers:
  team: { type: slack, webhook_url: "https://hooks.slack.com/services/T0/B0/abcdefgh12345678", template: it.liquid }
  mail: { type: email, host: smtp.example, from: a@shop.example, to: b@shop.example, template: { drift: mail.liquid } }
routes: [{ default: [team, mail] }]
`

async function templates(args: readonly string[], given: Readonly<Record<string, string>> = {}) {
  const files = new Map(
    Object.entries({
      'it.liquid': '{{ title }}',
      'mail.liquid': 'Subject: {{ kind }}\n{{ details }}',
      ...given
    })
  )
  const said: string[] = []
  const complained: string[] = []
  let exitCode = 0
  const readFile = () => source
  const readTemplates = () => ({ files, problems: [] })
  await templatesCommand({
    read: path => loadConfig({ path, env: {}, readFile, readTemplates, uses: ['templates'] }),
    open(path) {
      const loaded = loadConfig({ path, env: {}, readFile, readTemplates, uses: [] })
      if (!loaded.ok) throw new Error('refused')
      const renderOptions = renderOptionsOf()
      const options = { files, assigned: new Map(), labelsOf: () => ({}), renderOptions }
      return { config: loaded.config, templates: createTemplates(options), renderOptions }
    },
    print: text => said.push(text),
    complain: text => complained.push(text),
    setExitCode: code => {
      exitCode = code
    }
  }).parseAsync([...args], { from: 'user' })
  return { said, complained, exitCode }
}

describe('templates check', () => {
  test('names each template in use with who has it', async () => {
    expect(await templates(['check', 'cartwatch.yaml'])).toEqual({
      said: ['templates/it.liquid: OK for team (default)', 'templates/mail.liquid: OK for mail (drift)'],
      complained: [],
      exitCode: 0
    })
  })

  test('names the places of mistakes', async () => {
    expect(await templates(['check', 'cartwatch.yaml'], { 'mail.liquid': '\n{{ titel }}' })).toEqual({
      said: [],
      complained: ['templates/mail.liquid:2:4: there is no variable titel; did you mean title?', '1 error'],
      exitCode: 1
    })
  })
})

describe('templates render', () => {
  test('prints what the receiver gets, in the form of one that has the template', async () => {
    const { said } = await templates(['render', 'it.liquid', '--config', 'c.yaml', '--severity', 'low'])
    expect(JSON.parse(said[0] ?? '')).toMatchObject({
      blocks: [{ text: { text: expect.stringMatching(/^LOW: /) } }]
    })
    const mail = await templates([
      'render',
      'templates/mail.liquid',
      '--kind',
      'drift',
      '--action',
      'resolve'
    ])
    expect(mail.said[0]).toMatch(/^Subject: drift\n\nRevenue dropped/)
  })

  test('has another language, other values and another form', async () => {
    const { said } = await templates([
      'render',
      'it.liquid',
      '--language',
      'fr',
      '--content',
      'hostile',
      '--as',
      'email'
    ])
    expect(said[0]).toMatch(/^Subject: ÉLEVÉE\s: .*\n\nÉLEVÉE\s: .*<!channel>/)
  })

  test('has the probable cause in its language, too', async () => {
    const files = { 'it.liquid': '{{ cause.title }}. {{ cause.text }}' }
    const { said } = await templates(['render', 'it.liquid', '--language', 'fr', '--as', 'email'], files)
    expect(said[0]).toMatch(/\n\nLe paiement ou la commande échoue\. Des passages en caisse commencent/)
  })

  test('says with --trace what was used', async () => {
    const { complained } = await templates(['render', 'it.liquid', '--trace'], {
      'it.liquid': '{{ title }}{% render "head" %}{{ labels.team | default: "x" }}',
      'head.liquid': '{{ where.first.segment }}'
    })
    expect(complained).toEqual([
      'variables: labels, title, where, where.0, where.0.segment',
      'templates: it.liquid, head.liquid',
      expect.stringMatching(/^took \d+\.\d ms and \d+ steps$/)
    ])
  })

  test('of what cannot be sent names the place', async () => {
    const { said, complained, exitCode } = await templates(['render', 'it.liquid'], {
      'it.liquid': '{{ title | uper }}'
    })
    expect([said, complained, exitCode]).toEqual([
      [],
      ['templates/it.liquid:1:1: there is no filter uper; did you mean upper?'],
      1
    ])
  })
})
