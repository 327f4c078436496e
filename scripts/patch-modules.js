// Applies patches/NAME+VERSION.patch to the packages in node_modules. `npm ci` runs it after the installation, with the
// system's Node, so it is plain JavaScript. Run again it changes nothing.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { applyPatch, parsePatch, reversePatch } from 'diff'

const root = new URL('..', import.meta.url)
const folder = new URL('patches/', root)

/** @returns {string} why the package is not patched, or an empty text */
function patchPackage(/** @type {string} */ fileName) {
  const [, name, version] = /^(.+)\+([^+]+)\.patch$/.exec(fileName.replaceAll('%2F', '/')) ?? []
  if (name === undefined) return 'its name is not NAME+VERSION.patch'
  const installed = JSON.parse(
    readFileSync(new URL(`node_modules/${name}/package.json`, root), 'utf8')
  ).version
  if (installed !== version) return `it is for ${name} ${version}, and ${installed} is installed`
  // All of it, or nothing: a file is written only where every one fits.
  const patched = []
  for (const change of parsePatch(readFileSync(new URL(fileName, folder), 'utf8'))) {
    const path = new URL((change.newFileName ?? '').replace(/^b\//, ''), root)
    const text = readFileSync(path, 'utf8')
    if (applyPatch(text, reversePatch(change)) !== false) continue
    const result = applyPatch(text, change)
    if (result === false) return `${fileURLToPath(path)} is not what it was made for`
    patched.push({ path, result })
  }
  for (const { path, result } of patched) writeFileSync(path, result)
  return ''
}

for (const fileName of readdirSync(folder)) {
  const failure = patchPackage(fileName)
  if (failure !== '') {
    process.stderr.write(`patches/${fileName}: ${failure}\n`)
    process.exitCode = 1
  }
}
