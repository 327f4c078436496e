import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { kinds } from '../../../detectors/catalogue.ts'
import { serviceKinds } from '../../../detectors/service-kinds.ts'
import { catalogueNotes } from '../../../src/config/notes.ts'
import { catalogueOf, readLocale } from '../../../src/language/catalogue.ts'
import { languages } from '../../../src/language/language.ts'
import { catalogueProblems } from '../../../src/language/problems.ts'
import { shopMetrics } from '../../../src/metrics/catalogue.ts'

const french = readLocale('fr') ?? ''

/** What is said of a French catalogue that was changed. */
const problemsOf = (changed: string | undefined) =>
  catalogueProblems(language => (language === 'fr' ? changed : readLocale(language)))

const lineOf = (text: string) => french.split('\n').findIndex(line => line.includes(text)) + 1

test('every language has every text, with the placeholders of the English one', () => {
  expect(catalogueProblems()).toEqual([])
  expect(readdirSync('locales').toSorted()).toEqual(languages.map(language => `${language}.yaml`))
})

test('what is wrong with a catalogue is told with its file, line and key', () => {
  const of = (from: string | RegExp, to: string) => problemsOf(french.replace(from, to))
  expect(of(/^ {2}runbook: .*\n/m, '')).toEqual([
    { place: 'locales/fr.yaml', line: 1, key: 'button.runbook', message: 'is missing: it is said in English' }
  ])
  expect(of('  runbook: ', '  playbook: x\n  runbook: ')).toEqual([
    {
      place: 'locales/fr.yaml',
      line: lineOf('  runbook: '),
      key: 'button.playbook',
      message: 'no message has this key'
    }
  ])
  expect(of('dernier des {levels} niveaux', 'dernier des {niveaux} niveaux')).toMatchObject([
    { key: 'click.escalation.last_level', message: 'lacks {levels}' }
  ])
  expect(of('Escalader', 'Escalader {level}')).toMatchObject([
    { key: 'button.escalate', message: 'has {level}, which nothing fills in' }
  ])
  expect(of('{# heure}', '{# heure')).toMatchObject([
    { key: 'span.hour', line: lineOf('{# heure}'), message: expect.stringMatching(/^is no message: /) }
  ])
  expect(of('Escalader', '[a]')).toMatchObject([
    { key: 'button.escalate', message: 'is no text' },
    { key: 'button.escalate', message: 'is missing: it is said in English' }
  ])
  expect(problemsOf(undefined)).toMatchObject([{ place: 'locales/fr.yaml', message: "can't be read" }])
})

test('check-config says it as a note with its rule', () => {
  const problem = { place: 'locales/fr.yaml', line: 7, key: 'button.runbook', message: 'lacks {x}' }
  expect(catalogueNotes([problem])).toEqual([
    {
      rule: 'broken-catalogue',
      place: 'locales/fr.yaml:7',
      path: 'button.runbook',
      text: 'locales/fr.yaml:7: button.runbook lacks {x}'
    }
  ])
  expect(catalogueNotes()).toEqual([])
})

test('every kind and every metric of a shop has its texts', () => {
  const { entries } = catalogueOf('en')
  const wanted = [...kinds, ...serviceKinds].flatMap(({ kind }) => [
    `kind.${kind}.title`,
    `kind.${kind}.check_first`
  ])
  expect(wanted.filter(key => !entries.has(key))).toEqual([])
  const ofKinds = [...entries.keys()].filter(key => key.startsWith('kind.'))
  expect(ofKinds.toSorted()).toEqual(wanted.toSorted())
  for (const { name } of shopMetrics)
    expect(entries.get(`metric.${name}`)?.text).toBe(name.replaceAll('_', ' '))
})

test('French has no-break blanks before its signs, and its own apostrophe', () => {
  const texts = [...catalogueOf('fr').entries].map(([key, { text }]) => `${key}: ${text}`)
  expect(texts.filter(text => / [:;!?%»]/.test(text) || /« /.test(text))).toEqual([])
  expect(texts.filter(text => text.includes("'"))).toEqual([])
})

test('the image has the catalogues', () => {
  expect(readFileSync('Dockerfile', 'utf8')).toContain('COPY locales locales\n')
})
