import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogueOf, parseCatalogue, readLocale } from '../../../src/language/catalogue.ts'
import { type Figure, isSaid, phrase } from '../../../src/language/phrase.ts'
import {
  createTranslator,
  english,
  inEnglish,
  isKey,
  spoken,
  translator
} from '../../../src/language/translator.ts'

const french = translator('fr')
const plain = (text: string | undefined) => text?.replaceAll(/[\u00a0\u202f]/g, ' ')

describe('figures are written as a language writes them', () => {
  const figures: readonly (readonly [Figure, string, string])[] = [
    [{ unit: 'money', value: 1_850, currency: 'USD' }, '$1,850', '1 850 $'],
    [{ unit: 'money', value: 3.5, currency: 'EUR' }, '€3.50', '3,50 €'],
    [{ unit: 'money', value: -0.25, currency: 'EUR' }, '-€0.25', '-0,25 €'],
    [{ unit: 'count', value: 12_345 }, '12,345', '12 345'],
    [{ unit: 'count', value: 2.54 }, '2.5', '2,5'],
    [{ unit: 'share', value: 0.867 }, '87%', '87 %'],
    [{ unit: 'small_share', value: 0.0123 }, '1.2%', '1,2 %'],
    [{ unit: 'small_share', value: 0.123 }, '12%', '12 %'],
    [{ unit: 'signed_share', value: -0.2 }, '−20%', '-20 %'],
    [{ unit: 'signed_share', value: 0.2 }, '+20%', '+20 %'],
    [{ unit: 'short', value: 1_234.5 }, '1230', '1 230'],
    [{ unit: 'times', value: 3 }, '3.0', '3,0'],
    [{ unit: 'hundredths', value: -6.257 }, '-6.26', '-6,26'],
    [{ unit: 'as_sent', value: 0.31 }, '0.31', '0,31'],
    [{ unit: 'span', value: 60_000 }, '1 minute', '1 minute'],
    [{ unit: 'span', value: 7_200_000 }, '2 hours', '2 heures'],
    [{ unit: 'span', value: 90_000 }, '90 seconds', '90 secondes'],
    [{ unit: 'span', value: 1_500 }, '1.5 seconds', '1,5 seconde']
  ]
  test.each(figures)('%o is %s and %s', (figure, inEnglishToo, inFrench) => {
    const values = { text: figure }
    expect(english('heading', values)).toBe(`${inEnglishToo}:`)
    expect(plain(french.t('heading', values))).toBe(`${inFrench} :`)
  })
})

test('phrases may hold phrases and lists of them', () => {
  const said = [
    phrase('finding.schema_drift.changed', {
      changes: {
        list: ['price', 'quantity'].map(field =>
          phrase('finding.schema_drift.missing', {
            field,
            types: { list: [phrase('finding.schema_drift.more_types', { count: 2 })], between: ', ' }
          })
        ),
        between: '; '
      },
      span: { unit: 'span', value: 60_000 }
    })
  ]
  expect(inEnglish(said)).toBe(
    'price is missing in 2 more types; quantity is missing in 2 more types in 1 minute.'
  )
  expect(french.say(said)).toBe(
    'price manque dans 2 types de plus; quantity manque dans 2 types de plus en 1 minute.'
  )
  expect(spoken(said)).toEqual({ details: inEnglish(said), said })
})

test('a name from events is no message of its own', () => {
  const hostile = "{x} '{' <b> #"
  expect(english('finding.explained', { share: '1%', segment: hostile })).toBe(`1% of it is ${hostile}.`)
})

test('what cannot be said never fails: in English, else by its key', () => {
  expect(isKey('button.runbook')).toBe(true)
  expect(isKey('button')).toBe(false)
  expect(french.t('no.such', { a: 1 })).toBe('no.such {"a":1}')
  expect(french.t('button.runbook')).toBe('Procédure')
  expect(french.say([phrase('no.such')])).toBeUndefined()
  expect(french.say([phrase('finding.explained', { share: '1%' })])).toBeUndefined()
  const miles = { unit: 'miles', value: 1 } as unknown as Figure
  expect(french.say([phrase('finding.explained', { share: miles, segment: 'x' })])).toBeUndefined()
  expect(french.t('finding.explained', { share: '1%' })).toBe('finding.explained {"share":"1%"}')
})

test('what a catalogue lacks, or has broken, is said in English: a label by itself, a sentence as a whole', () => {
  const changed = (readLocale('fr') ?? '')
    .replace(/^ {2}runbook: .*\n/m, '')
    .replace("seconds: '{value} s'", "seconds: '{value s'")
    .replace('par son lien', 'par {lien}')
    .replace(/^ {4}payment: Panne .*\n/m, '')
  const broken = createTranslator('fr', parseCatalogue(changed))
  expect(broken.t('button.runbook')).toBe('Runbook')
  expect(broken.t('amount.seconds', { value: '3' })).toBe('3 s')
  expect(broken.t('by.link', { name: 'Ann' })).toBe('Ann by its link')
  expect(broken.t('button.escalate')).toBe('Escalader')
  expect(broken.say([phrase('finding.traffic_drop.possible')])).toMatch(/^Panne possible/)
  expect(broken.say([phrase('finding.traffic_drop.possible'), phrase('finding.revenue_drop.payment')])).toBe(
    undefined
  )
})

test('what is stored of a sentence is what is read back, and nothing else is taken for one', () => {
  const key = fc.constantFrom(...catalogueOf('en').entries.keys())
  const figure = fc.oneof(
    fc.record({
      unit: fc.constant('money' as const),
      value: fc.double({ noNaN: true }),
      currency: fc.string()
    }),
    fc.record({ unit: fc.constantFrom('count', 'share', 'span'), value: fc.integer() })
  )
  const { said } = fc.letrec(tie => ({
    value: fc.oneof({ maxDepth: 3 }, fc.string(), fc.integer(), figure, tie('phrase'), tie('list')),
    list: fc.record({ list: fc.array(tie('phrase')), between: fc.constantFrom(', ', '; ') }),
    phrase: fc.record({ key, values: fc.dictionary(fc.constantFrom('a', 'b'), tie('value')) }),
    said: fc.array(tie('phrase'), { minLength: 1 })
  }))
  fc.assert(fc.property(said, one => isSaid(one)))
  for (const wrong of [
    null,
    'x',
    [],
    [null],
    [{ key: 1, values: {} }],
    [{ key: 'a' }],
    [{ key: 'a', values: { b: null } }],
    [{ key: 'a', values: { b: { unit: 'miles', value: 1 } } }],
    [{ key: 'a', values: { b: { unit: 'money', value: 1 } } }],
    [{ key: 'a', values: { b: { unit: 'count', value: null } } }],
    [{ key: 'a', values: { b: { list: [1], between: ', ' } } }]
  ])
    expect(isSaid(wrong), JSON.stringify(wrong)).toBe(false)
})
