/** Records of a slice at most. */
export const sliceCapacity = 4_096

const doubles = [
  'offset',
  'recordTime',
  'eventTime',
  'amount',
  'quantity',
  'eventPrint',
  'userPrint',
  'sessionPrint',
  'orderPrint'
] as const
const numbers = [
  'typeName',
  'productId',
  'category',
  'paymentMethod',
  'country',
  'device',
  'currency',
  'present',
  'numeric'
] as const
const bytes = ['kind', 'type', 'faults'] as const

/** What records of a slice are, a column for each of their fields: views of one buffer, which goes from thread to thread. */
export type SliceColumns = { readonly buffer: ArrayBuffer } & {
  readonly [name in (typeof doubles)[number]]: Float64Array
} & { readonly [name in (typeof numbers)[number]]: Uint32Array } & {
  readonly [name in (typeof bytes)[number]]: Uint8Array
}

const sliceBytes = sliceCapacity * (8 * doubles.length + 4 * numbers.length + bytes.length)

export function columnsIn(buffer: ArrayBuffer = new ArrayBuffer(sliceBytes)): SliceColumns {
  let at = 0
  const next = (width: number) => {
    const from = at
    at += width * sliceCapacity
    return from
  }
  // From the widest on, so that each begins where its width allows.
  const columns: Record<string, Float64Array | Uint32Array | Uint8Array | ArrayBuffer> = { buffer }
  for (const name of doubles) columns[name] = new Float64Array(buffer, next(8), sliceCapacity)
  for (const name of numbers) columns[name] = new Uint32Array(buffer, next(4), sliceCapacity)
  for (const name of bytes) columns[name] = new Uint8Array(buffer, next(1), sliceCapacity)
  return columns as SliceColumns
}

/** In `kind`: an event that lies in the columns, a record that goes beside them, or from here on why one was skipped. */
export const kinds = { event: 0, beside: 1, skipped: 2 } as const
