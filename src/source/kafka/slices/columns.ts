/** Records of a slice at most. */
export const sliceCapacity = 4_096

const doubles = 9
const numbers = 9
const bytes = 3
const sliceBytes = sliceCapacity * (8 * doubles + 4 * numbers + bytes)

/** What records of a slice are, a column for each of their fields: views of one buffer, which goes from thread to thread. */
export class SliceColumns {
  readonly buffer: ArrayBuffer
  readonly offset: Float64Array
  readonly recordTime: Float64Array
  readonly eventTime: Float64Array
  readonly amount: Float64Array
  readonly quantity: Float64Array
  readonly eventPrint: Float64Array
  readonly userPrint: Float64Array
  readonly sessionPrint: Float64Array
  readonly orderPrint: Float64Array
  readonly typeName: Uint32Array
  readonly productId: Uint32Array
  readonly category: Uint32Array
  readonly paymentMethod: Uint32Array
  readonly country: Uint32Array
  readonly device: Uint32Array
  readonly currency: Uint32Array
  readonly present: Uint32Array
  readonly numeric: Uint32Array
  readonly kind: Uint8Array
  readonly type: Uint8Array
  readonly faults: Uint8Array

  constructor(buffer: ArrayBuffer = new ArrayBuffer(sliceBytes)) {
    this.buffer = buffer
    const column = (place: number) => place * sliceCapacity
    // From the widest on, so that each begins where its width allows.
    const double = (place: number) => new Float64Array(buffer, column(8 * place), sliceCapacity)
    const number = (place: number) => new Uint32Array(buffer, column(8 * doubles + 4 * place), sliceCapacity)
    const byte = (place: number) =>
      new Uint8Array(buffer, column(8 * doubles + 4 * numbers + place), sliceCapacity)
    this.offset = double(0)
    this.recordTime = double(1)
    this.eventTime = double(2)
    this.amount = double(3)
    this.quantity = double(4)
    this.eventPrint = double(5)
    this.userPrint = double(6)
    this.sessionPrint = double(7)
    this.orderPrint = double(8)
    this.typeName = number(0)
    this.productId = number(1)
    this.category = number(2)
    this.paymentMethod = number(3)
    this.country = number(4)
    this.device = number(5)
    this.currency = number(6)
    this.present = number(7)
    this.numeric = number(8)
    this.kind = byte(0)
    this.type = byte(1)
    this.faults = byte(2)
  }
}

/** In `kind`: an event that lies in the columns, a record that goes beside them, or from here on why one was skipped. */
export const kinds = { event: 0, beside: 1, skipped: 2 } as const
