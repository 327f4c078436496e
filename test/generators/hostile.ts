import { integer, type Uniform, uniformOf } from '../../producer/random.ts'
import { contractFields } from '../../src/decode/layout.ts'

/** A record that somebody means harm with, or that is merely broken. */
export interface Hostile {
  /** What is hostile about it. */
  readonly name: string
  readonly value: Buffer | null
}

/** Names that act in a terminal, a message, a page or a program, if they are let. */
export const hostileNames: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '<!channel>',
  '<@U012AB3CD>',
  '<https://evil.example|pay here>',
  '&lt;!here&gt; & co',
  '`code` *bold* _it_ ~no~ :boom:',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u009b31mred',
  'a\u202egpj.exe\u2069',
  'zero\u200bwidth\u2060\ufeff',
  'two\r\nlines\u2028three',
  'nul\u0000tab\t',
  '\ud800 half',
  'half \udc00',
  "'; DROP TABLE realtime.anomalies; --",
  '{{7*7}} $HOME %s %00',
  '👩‍💻 靴 Größe'
]

/** The records of a class are the same for the same seed. `time` lies within the text of most, so that they are events. */
export type MakeHostile = (uniform: Uniform, time: number) => Buffer | null

const pick = <Value>(uniform: Uniform, of: readonly Value[]): Value =>
  of[integer(uniform, 0, of.length - 1)] as Value

const numbers = [
  ...['1e308', '-1e308', '1e400', '-1e400', '-0', '-0.0', '0', '1e-400', '9007199254740993', '1e9', '1e6'],
  ...['1000000000.1', '1000001', '-1', '0.00004', '12345678901234567890', 'true', '[]', '{}', '""', 'null'],
  ...['"1e3"', '" 1"', '"0x10"', '"1,5"', '"-5"', '"NaN"', '"Infinity"', '"7"', '"7.5"', '"٣"'],
  `0.1${'0'.repeat(999)}`,
  `"${'9'.repeat(1_000)}"`
]
const times = (time: number) => [
  ...[time / 1_000, `"${time / 1_000}"`, `"${time}"`, `"${new Date(time).toISOString()}"`, 'null', '""'],
  ...[
    `"${new Date(time).toISOString().replace('T', ' ').replace('Z', ' UTC')}"`,
    '-1',
    '1e400',
    '-0',
    '"0x7f"'
  ],
  ...['"2026-02-30T10:00:00Z"', '"2026-11-21T24:00:00Z"', '"2026-11-21T10:00Z"', '"2026-11-21"', '"now"'],
  ...[
    '"9999-12-31T23:59:59.999Z"',
    '"+010000-01-01T00:00:00Z"',
    '253402300800000',
    '1e15',
    '[1]',
    '{}',
    'true'
  ],
  ...['"1e12"', '" 1763719200000"', `"${'1'.repeat(5_000)}"`, '"2026-11-21T10:00:00+99:99"', '"０"'],
  ...[
    '"2026-11-21 10:00:00+00"',
    '"2026-11-21T10:00"',
    '"11/21/2026 10:00"',
    '[2026,11,21,10]',
    '{"$date":{}}'
  ],
  `"${new Date(time).toISOString().replace('Z', '999999999Z')}"`
]

const quoted = (text: string) => JSON.stringify(text)
const head = (time: number, type = 'purchase') => `"event_time":${time},"event_type":${quoted(type)}`
const event = (time: number, more: string) => Buffer.from(`{${head(time)},"price":1,${more}}`)
const nested = (bracket: '[' | '{"a":', depth: number) =>
  `${bracket.repeat(depth)}1${(bracket === '[' ? ']' : '}').repeat(depth)}`
const plainEvent = (uniform: Uniform, time: number) =>
  JSON.stringify({
    event_time: time,
    event_type: pick(uniform, ['purchase', 'page_view', 'add_to_cart', 'refund']),
    session_id: `s-${integer(uniform, 0, 99)}`,
    order_id: `o-${integer(uniform, 0, 999)}`,
    price: integer(uniform, 1, 99_999) / 100,
    category: pick(uniform, ['shoes', 'hats']),
    country: 'DE'
  })
const bytes = (uniform: Uniform, length: number) =>
  Buffer.from(Array.from({ length }, () => integer(uniform, 0, 255)))
const textFields = contractFields.filter(
  field => !['event_time', 'event_type', 'price', 'quantity', 'currency'].includes(field)
)
const anyField = (uniform: Uniform) => quoted(pick(uniform, textFields))
const within = (time: number, raw: Buffer) =>
  Buffer.concat([Buffer.from(`{${head(time)},"price":1,"category":"a`), raw, Buffer.from('b"}')])

const small: Readonly<Record<string, MakeHostile>> = {
  'random bytes': uniform => bytes(uniform, integer(uniform, 0, 300)),
  'an event that is cut off'(uniform, time) {
    const text = Buffer.from(plainEvent(uniform, time))
    return text.subarray(0, integer(uniform, 0, text.length - 1))
  },
  'an event with bytes that were changed'(uniform, time) {
    const text = Buffer.from(plainEvent(uniform, time))
    for (let times = integer(uniform, 1, 4); times > 0; times--)
      text[integer(uniform, 0, text.length - 1)] = integer(uniform, 0, 255)
    return text
  },
  'no object': uniform =>
    Buffer.from(pick(uniform, ['', ' ', '1', '"x"', '[]', '[{}]', 'null', 'NaN', '{}', '{', '}', '\u0000'])),
  'no value': () => null,
  'strange numbers': (uniform, time) =>
    Buffer.from(`{${head(time)},"price":${pick(uniform, numbers)},"quantity":${pick(uniform, numbers)}}`),
  'ids that are numbers': (uniform, time) =>
    event(
      time,
      `${anyField(uniform)}:${pick(uniform, numbers)},${anyField(uniform)}:${pick(uniform, numbers)}`
    ),
  'strange times': (uniform, time) =>
    Buffer.from(`{"event_time":${pick(uniform, times(time))},"event_type":"search"}`),
  'strange types': (uniform, time) =>
    Buffer.from(
      `{"event_time":${time},"event_type":${pick(uniform, ['null', '""', '1', '[]', '{}', ...hostileNames.map(quoted)])}}`
    ),
  'strange currencies': (uniform, time) =>
    event(
      time,
      `"currency":${pick(uniform, ['null', '""', '1', '{}', '"us"', '"usd"', '"USDX"', '"ſſſ"', '"__proto__"', '"SEK"'])}`
    ),
  'fields of a wrong kind': (uniform, time) =>
    event(
      time,
      `${anyField(uniform)}:${pick(uniform, ['true', '[]', '{}', '{"toString":1}', '[[1]]', 'null'])}`
    ),
  'a key twice': (uniform, time) =>
    event(time, `"category":"first","price":-3,"category":${quoted(pick(uniform, hostileNames))},"price":2`),
  'keys of prototypes': (uniform, time) =>
    event(
      time,
      `${quoted(pick(uniform, hostileNames))}:{"price":7},"__proto__":{"category":"x","event_type":"search"},"constructor":1`
    ),
  'keys in escapes': (_, time) => event(time, '"c\\u0061tegory":"esc\\u0061ped","\\u0070rice":3'),
  'names that act'(uniform, time) {
    const named = textFields.map(field => `"${field}":${quoted(pick(uniform, hostileNames))}`)
    return event(time, named.join(','))
  },
  'a control character as it is': (uniform, time) =>
    event(time, `"category":"a${String.fromCharCode(integer(uniform, 0, 31))}b"`),
  'every control character in escapes': (uniform, time) =>
    event(
      time,
      `"device":"a\\u00${integer(uniform, 0, 31).toString(16).padStart(2, '0')}b\\u00${integer(uniform, 127, 159).toString(16)}"`
    ),
  'bytes that are no UTF-8': (uniform, time) =>
    within(
      time,
      Buffer.from(pick(uniform, ['ff', 'c080', 'eda080', 'f4908080', 'e282', '80', 'c0af', 'fe']), 'hex')
    ),
  'byte order marks'(uniform, time) {
    const text = plainEvent(uniform, time)
    return pick(uniform, [
      Buffer.from(`\ufeff${text}`),
      Buffer.from(`\ufeff\ufeff${text}`),
      Buffer.from(text, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le')
    ])
  },
  'a long text': (uniform, time) =>
    event(
      time,
      `${anyField(uniform)}:${quoted(pick(uniform, ['x', '🛒', '\u001b', ' ', '\\']).repeat(1_000))}`
    ),
  'many keys': (_, time) =>
    event(time, Array.from({ length: 300 }, (_each, at) => `"key-${at}":${at}`).join(',')),
  'a frame'(uniform, time) {
    const text = plainEvent(uniform, time)
    const frame = Buffer.of(0, 0, 0, 1, 2)
    return Buffer.concat([
      frame,
      Buffer.from(pick(uniform, [text, ` \n${text}`, 'Obj\u0001', '', `\ufeff${text}`]))
    ])
  },
  'an envelope'(uniform, time) {
    const text = plainEvent(uniform, time)
    const cloud = (data: string) =>
      `{"specversion":"1.0","id":"c","type":"search","time":"${new Date(time).toISOString()}","data":${data}}`
    return Buffer.from(
      pick(uniform, [
        cloud(text),
        cloud('{}'),
        cloud('[]'),
        cloud(cloud(text)),
        `{"schema":null,"payload":${text}}`,
        `{"schema":{},"payload":${cloud(text)}}`,
        `{"schema":{},"payload":${text},"more":1}`,
        `{"schema":{},"payload":[]}`
      ])
    )
  },
  'lists of products that are none': (uniform, time) =>
    Buffer.from(
      JSON.stringify({
        event_timestamp: time * 1_000,
        event_name: 'purchase',
        timestamp: time,
        event: 'Order Completed',
        event_params: pick<unknown>(uniform, [
          {},
          [null],
          [{ key: { toString: 1 } }],
          [[[[]]]],
          'x',
          [{ key: [] }]
        ]),
        items: pick<unknown>(uniform, [{}, [null, 1, 'x'], [{ price: {} }], [[[]]], 'x', []]),
        properties: pick<unknown>(uniform, [
          [],
          null,
          { products: { length: 1e9 } },
          { products: [[], null] }
        ])
      })
    )
}

const deep: Readonly<Record<string, MakeHostile>> = {
  'lists 10,000 deep': (uniform, time) => event(time, `${anyField(uniform)}:${nested('[', 10_000)}`),
  'objects 10,000 deep': (uniform, time) => event(time, `${anyField(uniform)}:${nested('{"a":', 10_000)}`),
  'a nesting beside a long id': (_, time) =>
    event(time, `"order_id":123456789012345678901,"x":${nested('[', 20_000)}`),
  'nothing but brackets': uniform => Buffer.from(pick(uniform, ['[', '{"a":', '[{"a":']).repeat(100_000))
}

/** Close to what a topic takes by default: a megabyte each. */
const large: Readonly<Record<string, MakeHostile>> = {
  'lists 400,000 deep': (_, time) => event(time, `"category":${nested('[', 400_000)}`),
  'a megabyte of one text': (uniform, time) =>
    event(time, `${anyField(uniform)}:"${String(integer(uniform, 0, 9)).repeat(1_000_000)}"`),
  'a megabyte of products': (_, time) =>
    Buffer.from(
      `{"event_timestamp":${time * 1_000},"event_name":"purchase",${head(time)},"price":1,"items":[${'1,'.repeat(450_000)}1]}`
    ),
  'a megabyte that is no JSON': uniform => bytes(uniform, 1_000_000)
}

export const hostileClasses = { small, deep, large }

/** `count` records of the small and deep classes in turn, each with its own time. */
export function* hostileRecords(
  seed: number,
  count: number,
  timeOf: (index: number) => number,
  classes: Readonly<Record<string, MakeHostile>> = small
): Generator<Hostile> {
  const all = Object.entries(classes)
  for (let index = 0; index < count; index++) {
    const [name, make] = all[index % all.length] as [string, MakeHostile]
    yield { name, value: make(uniformOf(seed, `${name}-${index}`), timeOf(index)) }
  }
}
