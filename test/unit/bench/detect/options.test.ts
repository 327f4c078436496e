import { expect, it } from 'vitest'
import { parseNames, parseRates, parseSeeds } from '../../../../bench/detect/options.ts'

it('reads a seed or a range of seeds, and says what would be right', () => {
  expect(parseSeeds('7')).toEqual([7])
  expect(parseSeeds('7-9')).toEqual([7, 8, 9])
  for (const wrong of ['', '9-7', 'x', '1.5', '-3'])
    expect(() => parseSeeds(wrong)).toThrow('Give a seed such as 7, or a range such as 7-9.')
})

it('reads rates above 0', () => {
  expect(parseRates('5,0.5')).toEqual([5, 0.5])
  for (const wrong of ['', '0', '5,', 'x', '-1', 'Infinity'])
    expect(() => parseRates(wrong)).toThrow('Give numbers above 0 with commas between them, such as 5,20.')
})

it('reads names of a list', () => {
  const parse = parseNames(['funnel', 'market'])
  expect(parse('market,funnel')).toEqual(['market', 'funnel'])
  expect(() => parse('market,shop')).toThrow('Give one or more of funnel, market.')
})
