import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { formatErrors } from '../../../src/config/errors.ts'
import { type Loaded, loadConfig } from '../../../src/config/load.ts'
import { reloadConfig } from '../../../src/config/reload.ts'
import { assignedTemplates } from '../../../src/config/templates/check.ts'
import { readTemplates } from '../../../src/config/templates/folder.ts'

const roots: string[] = []
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true })
})

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const root = mkdtempSync(join(tmpdir(), 'cartwatch-templates-'))
  roots.push(root)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}

const receivers = `
receivers:
  team: { type: slack, webhook_url: "https://hooks.slack.com/services/T0/B0/abcdefgh12345678", template: it.liquid }
  mail: { type: email, host: smtp.example, from: a@shop.example, to: b@shop.example }
routes: [{ default: [team, mail] }]
`
const options = (source: string, files: Readonly<Record<string, string>>, more = {}) => ({
  path: 'cartwatch.yaml',
  env: {},
  readFile: () => source,
  readTemplates: () => ({ files: new Map(Object.entries(files)), problems: [] }),
  ...more
})
function loaded(source: string, files: Readonly<Record<string, string>>): Loaded {
  const result = loadConfig(options(source, files))
  if (!result.ok) throw new Error(formatErrors(result.errors))
  return result
}
const errors = (source: string, files: Readonly<Record<string, string>>, more = {}) => {
  const result = loadConfig(options(source, files, more))
  return result.ok
    ? []
    : result.errors.map(({ place, path, message }) => `${place}: ${path && `${path}: `}${message}`)
}

describe('the templates of a configuration', () => {
  test('are those of the receiver, else those of its type', () => {
    const source = `${receivers}templates: { slack: all.liquid, email: { default: mail.liquid, drift: drift.html.liquid } }\n`
    const files = { 'it.liquid': 'x', 'all.liquid': 'x', 'mail.liquid': 'x', 'drift.html.liquid': 'x' }
    const { config } = loaded(source, files)
    expect(assignedTemplates(config.receivers, config.templates)).toEqual(
      new Map([
        ['team', new Map([['default', 'it.liquid']])],
        [
          'mail',
          new Map([
            ['default', 'mail.liquid'],
            ['drift', 'drift.html.liquid']
          ])
        ]
      ])
    )
    expect(config.templateFiles).toEqual(new Map(Object.entries(files)))
  })

  test('a mistake in one is an error with its place, and what may be meant', () => {
    expect(errors(receivers, { 'it.liquid': 'x\n{{ titel | upper }}' })).toEqual([
      'templates/it.liquid:2:4: there is no variable titel; did you mean title?'
    ])
    expect(errors(receivers, { 'it.liquid': '{{ title | uper }}' })).toEqual([
      'templates/it.liquid:1:1: there is no filter uper; did you mean upper?'
    ])
    expect(errors(receivers, { 'it.liquid': '{% render "haed" %}', 'head.liquid': 'x' })).toEqual([
      'templates/it.liquid:1:1: there is no template haed; did you mean head?'
    ])
  })

  test('one that is missing is an error', () => {
    expect(errors(receivers, { 'its.liquid': 'x' })).toEqual([
      'templates/it.liquid: is no file; did you mean its.liquid?'
    ])
  })

  test('a command that sends nothing works with a wrong one, and the check of templates needs no secret', () => {
    const source = receivers.replace(
      'https://hooks.slack.com/services/T0/B0/abcdefgh12345678',
      '${'.concat('HOOK}')
    )
    const files = { 'it.liquid': '{{ titel }}' }
    expect(errors(source, files, { uses: [] })).toEqual([])
    expect(errors(source, files, { uses: ['templates'] })).toEqual([
      expect.stringContaining('there is no variable titel')
    ])
  })

  test('without any no folder is read', () => {
    const readTemplates = () => {
      throw new Error('read')
    }
    expect(errors(receivers.replace(', template: it.liquid', ''), {}, { readTemplates })).toEqual([])
  })

  test.each([
    ['/etc/passwd.liquid'],
    ['../it.liquid'],
    ['a/../../it.liquid'],
    ['it.txt'],
    ['{ revenue_dropp: it.liquid }'],
    ['[it.liquid]']
  ])('%s names none', written => {
    const [error = ''] = errors(receivers.replace('template: it.liquid', `template: ${written}`), {
      'it.liquid': 'x'
    })
    expect(error).toMatch(/^cartwatch\.yaml:3:\d+: receivers\.team\.template/)
  })
})

describe('a reload', () => {
  const first = loaded(receivers, { 'it.liquid': 'x' })

  test('takes the new text of a template', () => {
    const next = reloadConfig(first, options(receivers, { 'it.liquid': 'y' }))
    expect(next).toMatchObject({ kind: 'reloaded', changed: ['templateFiles'] })
    expect(next.kind === 'reloaded' && next.loaded.config.templateFiles.get('it.liquid')).toBe('y')
  })

  test('of the same texts changes nothing', () => {
    expect(reloadConfig(first, options(receivers, { 'it.liquid': 'x' }))).toMatchObject({ kind: 'unchanged' })
  })

  test('of a template that seems half saved is refused', () => {
    const whole = loaded(receivers, { 'it.liquid': 'x\n' })
    expect(reloadConfig(whole, options(receivers, { 'it.liquid': 'y' }))).toMatchObject({
      kind: 'refused',
      errors: [{ place: 'templates/it.liquid', message: expect.stringContaining('half saved') }]
    })
  })

  test('with a wrong template is refused', () => {
    expect(reloadConfig(first, options(receivers, { 'it.liquid': '{{ x }}' }))).toMatchObject({
      kind: 'refused',
      errors: [{ place: 'templates/it.liquid:1:4' }]
    })
  })
})

describe('the folder of templates', () => {
  test('gives all texts by their names, also of folders in it', () => {
    const folder = folderWith({
      ...{ 'it.liquid': 'x', 'parts/head.liquid': '\ufeffhead', 'notes.txt': 'no', '.hidden.liquid': 'no' }
    })
    expect(readTemplates(folder)).toEqual({
      files: new Map([
        ['it.liquid', 'x'],
        ['parts/head.liquid', 'head']
      ]),
      problems: []
    })
  })

  test('gives nothing from outside, whatever leads there', () => {
    const outside = folderWith({ 'secret.liquid': 'secret' })
    const folder = folderWith({ '..data-1/it.liquid': 'mounted' })
    symlinkSync(join(outside, 'secret.liquid'), join(folder, 'link.liquid'))
    symlinkSync(outside, join(folder, 'folder'))
    symlinkSync(join(outside, 'secret.liquid'), join(folder, '..data-1', 'again.liquid'))
    symlinkSync('..data-1', join(folder, '..data'))
    symlinkSync('..data/it.liquid', join(folder, 'it.liquid'))
    symlinkSync('..data/again.liquid', join(folder, 'twice.liquid'))
    symlinkSync('/nowhere', join(folder, 'gone.liquid'))
    const { files, problems } = readTemplates(folder)
    expect(files).toEqual(new Map([['it.liquid', 'mounted']]))
    expect(problems.map(({ file, message }) => [file.slice(folder.length + 1), message])).toEqual([
      ['gone.liquid', "can't be read (ENOENT)"],
      ['link.liquid', 'leads out of the folder of templates'],
      ['twice.liquid', 'leads out of the folder of templates']
    ])
  })

  test('refuses what is too large, no text, or no file', () => {
    const folder = folderWith({
      ...{ 'large.liquid': 'x'.repeat(65_537), 'bytes.liquid': Buffer.from([0xff, 0xfe, 0x41]) }
    })
    mkdirSync(join(folder, 'dir'))
    symlinkSync('dir', join(folder, 'folder.liquid'))
    expect(readTemplates(folder).problems.map(({ message }) => message)).toEqual([
      'is not text in UTF-8',
      'is no file',
      'has 65537 bytes, of 65536'
    ])
    expect(readTemplates(join(folder, 'none')).problems).toEqual([
      { file: join(folder, 'none'), message: "can't be read (ENOENT)" }
    ])
  })

  test('has a limit of templates', () => {
    const folder = folderWith(
      Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`${at}.liquid`, 'x']))
    )
    expect(readTemplates(folder).problems).toEqual([{ file: folder, message: 'has more than 200 templates' }])
    const large = folderWith(
      Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`${at}.liquid`, 'x'.repeat(60_000)]))
    )
    expect(readTemplates(large).problems).toEqual([
      { file: large, message: 'has templates of more than 524288 characters' }
    ])
  })
})
