import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commandNames } from '../../../../src/cli/overview.ts'
import type { ApiRoute } from '../../../../src/web/api/route.ts'
import { routes } from '../../../../src/web/api/routes.ts'

const page = readFileSync(new URL('../../../../docs/page.md', import.meta.url), 'utf8')

/** The cells of each row that names a way to ask the API. */
const rows = page
  .split('\n')
  .filter(line => line.startsWith('|') && line.includes('/api/'))
  .map(line => line.split('|').map(cell => cell.trim()))

const listed = rows.flatMap(([, , , api = '']) =>
  [...api.matchAll(/`([A-Z]+ [^`]+)`/g)].map(([, way]) => way)
)
const all: readonly ApiRoute[] = Object.values(routes)
const known = all.map(({ method, path }) => `${method} ${path}`)

test('each button of the page is in the API and on the command line', () => {
  expect(rows.length).toBeGreaterThanOrEqual(8)
  expect(listed.filter(way => !known.includes(way as string))).toEqual([])
  const commands = rows.map(([, , , , command = '']) => /`cartwatch ([\w-]+)/.exec(command)?.[1])
  expect(commands.filter(name => !commandNames.some(one => one === name))).toEqual([])
})

test('what may only be done by who operates is a button of the page, but for telling of a change', () => {
  const operating = all
    .filter(({ needs, method }) => needs === 'operate' && method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`)
  expect(operating.filter(way => !listed.includes(way))).toEqual(['POST /api/changes'])
})
