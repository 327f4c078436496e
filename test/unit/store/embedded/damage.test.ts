import { expect, test } from 'vitest'
import { damageOf } from '../../../../src/store/embedded/damage.ts'

const answering = (answer: string) => ({ run: async () => answer })

test('a folder of which every part can be read has no damage', async () => {
  expect(await damageOf(answering(''), '/data/store')).toBe(undefined)
})

test('what is missing is said by table with the number of its parts, and what to do', async () => {
  expect(await damageOf(answering('incidents (1)\nwindow_metrics (12)\n'), '/data/store')).toBe(
    'the store folder /data/store is damaged: the rows of these parts are missing: incidents (1), window_metrics (12). ' +
      'Restore the folder from a copy, or read the past again with cartwatch backfill. ' +
      "The parts are in the tables' folders named detached; this note ends when they are deleted"
  )
})
