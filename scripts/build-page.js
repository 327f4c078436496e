// Bundles the page of web/ into web/dist. `npm ci` runs it after the installation, with the system's Node, so it is plain
// JavaScript; where esbuild is left out (`--omit=dev`) there is nothing to do: an image brings the page built.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** Of all scripts together, compressed. */
const mostScriptBytes = 70_000

const web = fileURLToPath(new URL('../web/', import.meta.url))
const esbuild = await import('esbuild').catch(() => undefined)
if (esbuild === undefined) {
  if (!process.env.npm_config_omit?.includes('dev'))
    process.stderr.write('the page is not built: esbuild is not installed\n')
} else await build(esbuild)

async function build(/** @type {typeof import('esbuild')} */ { build: bundle }) {
  const { outputFiles } = await bundle({
    entryPoints: ['main.tsx', 'page.css', 'icon.svg'].map(name => `${web}${name}`),
    entryNames: '[name]-[hash]',
    outdir: `${web}dist`,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'copy' },
    legalComments: 'none',
    logLevel: 'warning'
  })
  const scriptBytes = outputFiles
    .filter(({ path }) => path.endsWith('.js'))
    .reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0)
  if (scriptBytes > mostScriptBytes) {
    process.stderr.write(
      `the page's scripts have ${scriptBytes} bytes compressed: more than ${mostScriptBytes}\n`
    )
    process.exitCode = 1
    return
  }
  rmSync(`${web}dist`, { recursive: true, force: true })
  mkdirSync(`${web}dist`)
  let index = readFileSync(`${web}index.html`, 'utf8')
  for (const { path, contents } of outputFiles) {
    writeFileSync(path, contents)
    const name = basename(path)
    index = index.replace(`/${name.replace(/-\w+(\.\w+)$/, '$1').replace('.js', '.tsx')}"`, `/${name}"`)
  }
  writeFileSync(`${web}dist/index.html`, index)
  process.stdout.write(`page: ${(scriptBytes / 1_000).toFixed(1)} kB of scripts, compressed\n`)
}
