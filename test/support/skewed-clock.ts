import { readFileSync } from 'node:fs'

/**
 * Loaded into a program before anything else (`node --import`), it shifts all that `Date` says of now by the milliseconds
 * in the file that CARTWATCH_TEST_CLOCK names; they are read at the start and again at each SIGUSR2. What the system
 * measures time by goes on untouched, as when somebody sets the wall clock.
 */
const file = process.env['CARTWATCH_TEST_CLOCK'] as string
const RealDate = Date
const read = () => Number(readFileSync(file, 'utf8'))
let shiftMs = read()

globalThis.Date = new Proxy(RealDate, {
  construct: (date, given, newTarget) =>
    Reflect.construct(date, given.length === 0 ? [date.now() + shiftMs] : given, newTarget),
  get: (date, name, receiver) =>
    name === 'now' ? () => date.now() + shiftMs : Reflect.get(date, name, receiver)
})

process.on('SIGUSR2', () => {
  shiftMs = read()
})
