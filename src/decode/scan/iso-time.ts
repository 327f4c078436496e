import { dayMs, hourMs, minuteMs, secondMs } from '../../time/units.ts'
import { parseIsoBytes } from '../time.ts'
import { colon, point, zero } from './bytes.ts'

const length = 'YYYY-MM-DDTHH:MM:SS.mmmZ'.length
const letterZ = 0x5a
/** Of a word of four bytes, the first three. */
const threeBytes = 0xffffff

/** Reads what `parseIsoBytes` reads, and the form that programs write, of the day that was read last, without a call or an object. */
export class IsoTime {
  /** In milliseconds. */
  value = 0
  /** The day that was read last, as its bytes stand: `YYYY`, `-MM-` and `DDT`. */
  private year = 0
  private month = 0
  private day = -1
  private midnight = 0

  /** `view` is of the same bytes. False where they are no such time. */
  read(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const isUsual = end - start === length && bytes[end - 1] === letterZ
    if (isUsual && this.isOfDay(view, start)) {
      const sinceMidnight = timeOfDay(bytes, start)
      if (sinceMidnight >= 0) {
        this.value = this.midnight + sinceMidnight
        return true
      }
    }
    const ms = parseIsoBytes(bytes, start, end)
    if (Number.isNaN(ms)) return false
    this.value = ms
    if (isUsual) this.keepDay(view, start)
    return true
  }

  private isOfDay(view: DataView, start: number): boolean {
    return (
      (view.getInt32(start + 8, true) & threeBytes) === this.day &&
      view.getInt32(start + 4, true) === this.month &&
      view.getInt32(start, true) === this.year
    )
  }

  private keepDay(view: DataView, start: number): void {
    this.year = view.getInt32(start, true)
    this.month = view.getInt32(start + 4, true)
    this.day = view.getInt32(start + 8, true) & threeBytes
    this.midnight = Math.floor(this.value / dayMs) * dayMs
  }
}

/** Of a time that ends with milliseconds; below 0 where it is none. */
function timeOfDay(bytes: Uint8Array, start: number): number {
  if (bytes[start + 13] !== colon || bytes[start + 16] !== colon || bytes[start + 19] !== point) return -1
  const hour = two(bytes, start + 11)
  const minute = two(bytes, start + 14)
  const second = two(bytes, start + 17)
  const hundredths = two(bytes, start + 20)
  const thousandths = (bytes[start + 22] as number) - zero
  // One that is below 0 makes this so, for none has more than seven bits.
  if ((hour | minute | second | hundredths | thousandths) < 0) return -1
  if (hour > 23 || minute > 59 || second > 59 || thousandths > 9) return -1
  return hour * hourMs + minute * minuteMs + second * secondMs + hundredths * 10 + thousandths
}

/** The two digits at a place as a number; below 0 where one is none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - zero
  const ones = (bytes[at + 1] as number) - zero
  return (tens | ones) >= 0 && tens <= 9 && ones <= 9 ? tens * 10 + ones : -1
}
