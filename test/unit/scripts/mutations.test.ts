import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readMutations } from '../../../scripts/mutations/patches.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const mutations = await readMutations(`${root}test/mutations`)

test.for(mutations.map(mutation => [mutation.name, mutation] as const))(
  'the mutation %s applies to the code as it is, and names a test that is there',
  ([, { path, test: file }]) => {
    expect(() => execFileSync('git', ['apply', '--check', path], { cwd: root, stdio: 'pipe' })).not.toThrow()
    expect(existsSync(`${root}${file}`)).toBe(true)
  }
)
