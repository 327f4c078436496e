import { expect, test } from 'vitest'
import { createPictures, type PictureMiss } from '../../../../src/channel/picture/pictures.ts'
import { recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { chartOf } from '../../../support/charts.ts'

type Missed = [receiver: string, why: PictureMiss, answer: string]

function open(draw: () => Promise<Buffer>, waitMs = 480_000) {
  const missed: Missed[] = []
  const picturesFor = createPictures((...one) => void missed.push(one), { draw, waitMs })
  return {
    missed,
    pictures: picturesFor('bot', renderOptionsOf()),
    others: picturesFor('mail', renderOptionsOf())
  }
}

test('a message is drawn once for all receivers and tries', async () => {
  let drawn = 0
  const { missed, pictures, others } = open(async () => {
    drawn += 1
    return Buffer.from('png')
  })
  const record = recordOf({ chart: chartOf() })
  expect(await pictures.of(record)).toEqual(Buffer.from('png'))
  expect(await others.of({ ...record, receiver: 'mail' })).toEqual(Buffer.from('png'))
  expect(await pictures.of(recordOf())).toBe(null)
  expect(drawn).toBe(1)
  expect(missed).toEqual([])
})

test('a message goes without a picture that is not there in time, or fails', async () => {
  const never = open(() => new Promise<Buffer>(() => {}), 1)
  expect(await never.pictures.of(recordOf({ chart: chartOf() }))).toBe(null)
  expect(never.missed).toEqual([['bot', 'late', 'not drawn within 1 ms']])

  const broken = open(() => Promise.reject(new Error('no font')))
  expect(await broken.pictures.of(recordOf({ chart: chartOf() }))).toBe(null)
  expect(broken.missed).toEqual([['bot', 'failed', 'no font']])
})
