import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const documents = ['README.md', 'CHANGELOG.md', ...globSync('docs/*.md', { cwd: root })]

/** A document's lines outside of code. */
const proseOf = (path: string): string =>
  readFileSync(path, 'utf8')
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, code => code.replaceAll(/[[\]()]/g, ' '))

/** The names that a heading has as a link's target: small letters, and hyphens for spaces; a number where it comes again. */
function anchorsOf(path: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of proseOf(path).matchAll(/^#{1,6} (.*)$/gm)) {
    const name = heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    let anchor = name
    for (let number = 1; anchors.has(anchor); number += 1) anchor = `${name}-${number}`
    anchors.add(anchor)
  }
  return anchors
}

const linksOf = (document: string): readonly string[] =>
  [...proseOf(resolve(root, document)).matchAll(/\]\(([^)\s]+)[^)]*\)/g)]
    .map(([, link = '']) => link)
    .filter(link => !/^\w+:/.test(link))

/** Why a link leads nowhere; undefined where it leads somewhere. */
function broken(document: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? resolve(root, document) : resolve(root, dirname(document), path)
  if (!existsSync(target)) return `${document}: ${link}: there is no ${relative(root, target)}`
  if (anchor !== undefined && !anchorsOf(target).has(anchor)) return `${document}: ${link}: no such heading`
  return undefined
}

test.each(documents)('each link of %s leads to a file, and to a heading of it', document => {
  expect(linksOf(document).flatMap(link => broken(document, link) ?? [])).toEqual([])
})

test('a link that leads nowhere is noticed', () => {
  expect(linksOf('README.md').length).toBeGreaterThan(20)
  expect(broken('README.md', 'docs/none.md')).toBe('README.md: docs/none.md: there is no docs/none.md')
  expect(broken('docs/alerts.md', 'events.md#none')).toBe('docs/alerts.md: events.md#none: no such heading')
  expect(broken('docs/alerts.md', 'events.md#the-currency')).toBe(undefined)
})
