import { integer, type Uniform } from '../../producer/random.ts'

const pick = <Value>(uniform: Uniform, of: readonly Value[]): Value =>
  of[integer(uniform, 0, of.length - 1)] as Value

const digits = (uniform: Uniform, most: number) =>
  String(integer(uniform, 0, 10 ** integer(uniform, 1, most) - 1))

/** A value as most programs write it, or, with the chance `odd`, one of another form. */
type Write = (uniform: Uniform, odd: number) => string

const oneOf =
  (usual: readonly string[], others: readonly string[]): Write =>
  (uniform, odd) =>
    pick(uniform, uniform() < odd ? others : usual)

const id: Write = (uniform, odd) => {
  const number = integer(uniform, 0, 1e9)
  if (uniform() >= odd) return uniform() < 0.8 ? `"s-${number.toString(36)}"` : String(number)
  return pick(uniform, [
    ...[`"ü${number}"`, `"\\u00e9${number}"`, `"${'x'.repeat(300)}"`, digits(uniform, 15)],
    ...[`${digits(uniform, 9)}${digits(uniform, 9)}`, '-7', '0', '-0', 'null', '""', '1.5', 'true', '{}']
  ])
}

const name = oneOf(
  ['"DE"', '"mobile"', '"Größe"', '"a"', '""', 'null', '12', '123456', '1234567', '"p-2031"', '"p-2030"'],
  ['"a \\"b\\""', '-0', '1e3', '"tab\\t"', 'false', '[]', '0.5', '"\u0001"']
)

const decimal: Write = (uniform, odd) =>
  uniform() >= odd
    ? pick(uniform, [`${integer(uniform, 0, 99_999)}.${digits(uniform, 3)}`, '19.99', '"19.99"', '5', 'null'])
    : pick(uniform, [
        '"1,99"',
        '007',
        '1e3',
        '-5',
        '0',
        '-0',
        '"€ 5"',
        '"1."',
        '.5',
        '1E+2',
        '"007"',
        '""',
        '1.'
      ])

const time: Write = (uniform, odd) => {
  const ms = 1_790_000_000_000 + integer(uniform, 0, 1e9)
  const iso = new Date(ms).toISOString()
  if (uniform() >= odd) return uniform() < 0.8 ? `"${iso}"` : String(ms)
  return pick(uniform, [
    ...[`${ms / 1_000}`, `"${ms}"`, `"${iso.replace('Z', '+02:00')}"`, `"${iso.slice(0, 19)}"`],
    ...[`"${iso.slice(0, 19)}Z"`, '"now"', 'null', `"${iso.replace('T', ' ')}"`, `"${iso}`, 'true']
  ])
}

const values: Readonly<Record<string, Write>> = {
  event_time: time,
  event_type: oneOf(
    ['"page_view"', '"purchase"', '"add_to_cart"', '"view"', '"cart"', '"click"'],
    ['""', '7', 'null', '"Käufe"', '"page\\u005fview"', '[]']
  ),
  event_id: id,
  user_id: id,
  session_id: id,
  user_session: id,
  order_id: id,
  product_id: (uniform, odd) => (uniform() < 0.5 ? id(uniform, odd) : name(uniform, odd)),
  category: name,
  category_code: name,
  price: decimal,
  quantity: (uniform, odd) => (uniform() < odd ? decimal(uniform, odd) : digits(uniform, 1)),
  currency: oneOf(['"USD"', '"USD"', '"EUR"', '"GBP"'], ['"eur"', '"euro"', '""', 'null', '5', '"€"']),
  payment_method: name,
  country: name,
  device: name,
  brand: oneOf(['"aqua"', '"ü"', '5', 'true', 'null'], ['[1]', '"\\n"', '1e3', '""']),
  note: oneOf(['{"a":[1,{"b":"}"}]}', '"x"', '[]', '-1e-7', '"\\\\"'], ['"bad \\x"', '[1,]', '{"a"}', '01']),
  payload: oneOf(['{"a":1}'], ['5']),
  specversion: () => '"1.0"'
}
const names = Object.keys(values)
const frequent = names.filter(key => !['payload', 'specversion', 'note'].includes(key))

/**
 * A record of a shop as a program would write it, most of the time: its keys in one order, some left out, some twice; values of
 * every form; blanks; now and then a byte that is none of it.
 */
export function writtenRecord(uniform: Uniform): Buffer {
  const keys = (uniform() < 0.95 ? frequent : names).filter(() => uniform() < 0.93)
  if (uniform() < 0.05) keys.push(pick(uniform, names))
  if (uniform() < 0.1) keys.sort(() => uniform() - 0.5)
  const [comma, colon] = uniform() < 0.9 ? [',', ':'] : [pick(uniform, [', ', ' ,', ',\n']), ': ']
  const odd = pick(uniform, [0, 0, 0, 0, 0.03, 0.2])
  const text = `{${keys.map(key => `"${key}"${colon}${values[key]?.(uniform, odd)}`).join(comma)}}`
  const bytes = Buffer.from(uniform() < 0.98 ? text : `\0\0\0\0\u0001${text}`)
  for (let left = uniform() < 0.15 ? integer(uniform, 1, 3) : 0; left > 0; left--)
    bytes[integer(uniform, 0, bytes.length - 1)] = pick(
      uniform,
      [0x22, 0x2c, 0x5c, 0x7d, 0x20, 0x80, 0xc3, 0x30, 0x65, 0x00]
    )
  return uniform() < 0.97 ? bytes : bytes.subarray(0, integer(uniform, 0, bytes.length))
}
