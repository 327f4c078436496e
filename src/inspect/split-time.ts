import { parseEventTime } from '../decode/time.ts'
import { type PathValues, textOf } from './survey.ts'

const timeOfDay = /^\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?[ap]m)?$/i
const mostTried = 50

/** Where a date and a time of day stand in two fields beside each other: the two paths, as a layout joins them. */
export function splitTime(survey: readonly PathValues[]): string | undefined {
  const plain = survey.filter(({ list }) => list === undefined)
  const times = plain.filter(({ values }) => values.every(value => timeOfDay.test(textOf(value))))
  for (const time of times) {
    const date = plain.find(
      one => one !== time && holderOf(one) === holderOf(time) && makesMoments(one, time)
    )
    if (date !== undefined) return `${date.path} + ${time.path}`
  }
  return undefined
}

const holderOf = ({ names }: PathValues): string => JSON.stringify(names.slice(0, -1))

const makesMoments = (date: PathValues, time: PathValues): boolean =>
  date.records === time.records &&
  date.values
    .slice(0, mostTried)
    .every((value, at) => parseEventTime(`${textOf(value)} ${textOf(time.values[at])}`) !== undefined)
