import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A patch that breaks one promise, and the test that must see it. */
export interface Mutation {
  readonly name: string
  readonly path: string
  readonly breaks: string
  /** The test's file, and where one test of it is meant, a part of its name. */
  readonly test: string
  readonly named: string | undefined
}

/** Reads the patches of a folder by name; a patch begins with lines `Breaks:`, `Test:` and, if it likes, `Named:`. */
export async function readMutations(folder: string): Promise<Mutation[]> {
  const files = (await readdir(folder)).filter(file => file.endsWith('.patch')).sort()
  return Promise.all(
    files.map(async file => {
      const path = join(folder, file)
      const text = await readFile(path, 'utf8')
      const said = (key: string) => new RegExp(`^${key}: (.+)$`, 'm').exec(text)?.[1]
      const breaks = said('Breaks')
      const test = said('Test')
      if (breaks === undefined || test === undefined)
        throw new Error(`${path} must begin with the lines "Breaks: …" and "Test: …"`)
      return { name: file.replace(/\.patch$/, ''), path, breaks, test, named: said('Named') }
    })
  )
}
