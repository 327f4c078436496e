import { describe, expect, test } from 'vitest'
import { parsePaths, quoteName, valueAt } from '../../../src/decode/path.ts'

const record = {
  payload: { user: { id: 'u-1', 'last.name': 'Doe', 'a "b': 1 } },
  items: [
    { sku: 'p-1', price: 2 },
    { sku: 'p-2', price: 3 }
  ],
  params: [
    { key: 'page', value: { text: 'home' } },
    { key: 'session', value: { number: 7 } }
  ],
  list: [1, 2]
}

function at(text: string): unknown {
  const [path, ...others] = parsePaths(text) ?? []
  if (path === undefined || others.length > 0) throw new Error(`${text} is not one path`)
  return valueAt(record, path)
}

describe('a path', () => {
  test.each([
    ['payload.user.id', 'u-1'],
    ['payload.user."last.name"', 'Doe'],
    ['items[1].sku', 'p-2'],
    ['items[].price', 2],
    ['params[key=session].value.number', 7],
    ['list[1]', 2],
    ['payload.user.age', undefined],
    ['payload.user.id.more', undefined],
    ['items[7].sku', undefined],
    ['params[key=none].value', undefined],
    ['items.length', undefined],
    ['payload[0]', undefined],
    ['constructor', undefined],
    ['payload.__proto__', undefined],
    ['items[0].toString', undefined]
  ])('%s leads to %j', (text, value) => {
    expect(at(text)).toEqual(value)
  })

  test('through an own key that is called __proto__ leads to its value', () => {
    const [path = []] = parsePaths('__proto__.id') ?? []
    expect(valueAt(JSON.parse('{"__proto__":{"id":1}}'), path)).toBe(1)
    expect(valueAt({}, path)).toBe(undefined)
  })

  test('may be several that are joined', () => {
    expect(parsePaths('a.b + c')).toEqual([
      [
        { kind: 'name', name: 'a' },
        { kind: 'name', name: 'b' }
      ],
      [{ kind: 'name', name: 'c' }]
    ])
  })

  test.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'a b',
    '[0]',
    '[]',
    'a[',
    'a[]b',
    'a[b',
    'a[=c]',
    'a[b=]',
    'a"b"',
    '"a',
    '""',
    'a + ',
    ' + a',
    'a+b',
    'x'.repeat(257)
  ])('is not %j', text => {
    expect(parsePaths(text)).toBe(undefined)
  })

  test.each(['id', 'last.name', 'a b', 'a+b', 'a[0]'])('leads to the key %j where that is quoted', name => {
    const [path = []] = parsePaths(quoteName(name)) ?? []
    expect(valueAt({ [name]: 1 }, path)).toBe(1)
  })
})

describe('what lies at a path', () => {
  const at = (record: unknown, text: string) => valueAt(record, parsePaths(text)?.[0] ?? [])

  test('leads into JSON that a text holds', () => {
    const record = {
      properties: '{"price":5,"items":[{"sku":"p-1"}],"inner":"{\\"a\\":1}"}',
      parsed: { a: 2 }
    }
    expect(at(record, 'properties[json].price')).toBe(5)
    expect(at(record, 'properties[json].items[0].sku')).toBe('p-1')
    expect(at(record, 'properties[json].inner[json].a')).toBe(1)
    expect(at(record, 'parsed[json].a')).toBe(2)
    for (const inner of [' {"price":5}', '{\n"price":5}', '{\t"price":5}'])
      expect(at({ data: Buffer.from(inner.trim()).toString('base64') }, 'data[json].price')).toBe(5)
    expect(at({ data: Buffer.from('[{"price":5}]').toString('base64url') }, 'data[json][0].price')).toBe(5)
    expect(at({ properties: 'eyes' }, 'properties[json].price')).toBeUndefined()
    expect(at({ properties: 'no JSON' }, 'properties[json].price')).toBeUndefined()
    expect(at({ properties: '{"id":12345678901234567891}' }, 'properties[json].id')).toBe(
      '12345678901234567891'
    )
  })

  test('finds several of its names in one key of a flat record', () => {
    const record = { 'payload.user.id': 7, 'a.list': [{ b: 1 }] }
    expect(at(record, 'payload.user.id')).toBe(7)
    expect(at({ 'payload.user': { id: 8 } }, 'payload.user.id')).toBe(8)
    expect(at(record, 'a.list[0].b')).toBe(1)
    expect(at(record, 'payload.user.name')).toBeUndefined()
  })

  test("takes the value out of a union as Avro's JSON has it", () => {
    const record = {
      id: { string: 'a' },
      user: { 'com.shop.User': { id: { long: 7 } } },
      tags: { array: ['x'] }
    }
    expect(at(record, 'id')).toBe('a')
    expect(at(record, 'tags[0]')).toBe('x')
    expect(at(record, 'user.id')).toBe(7)
    expect(at({ id: { string: 'a', more: 1 } }, 'id')).toEqual({ string: 'a', more: 1 })
    expect(at({ id: { text: 'a' } }, 'id')).toEqual({ text: 'a' })
    expect(at({ user: { string: 'a' } }, 'user.string')).toBe('a')
  })
})
