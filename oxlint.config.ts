import { defineConfig, type OxlintOverride } from 'oxlint'

/** The rooms of src, detectors and producer, from the top down: an import goes downward or stays in its room. */
const rooms = [
  'cli',
  'demo',
  'tenants',
  'run/assembly',
  'run',
  'web',
  'intake',
  'config',
  'explain',
  'operator',
  'report',
  'channel',
  'decide',
  'selfcheck',
  'delivery',
  'store',
  'audit',
  'incident',
  'routing',
  'ingest',
  'inspect',
  'detectors',
  'metrics',
  'source',
  'window',
  'decode',
  'language',
  'time',
  'telemetry',
  'net',
  'producer'
]

/** One vendor, one room. */
const vendors: Record<string, readonly string[]> = {
  '@clickhouse/client': ['store'],
  chdb: ['store'],
  kafkajs: ['source', 'producer', 'demo'],
  lz4js: ['source'],
  snappyjs: ['source'],
  'csv-parse': ['source'],
  avsc: ['source'],
  protobufjs: ['source'],
  oauth4webapi: ['source'],
  undici: ['net'],
  nodemailer: ['channel'],
  cockatiel: ['delivery'],
  fastify: ['web'],
  '@fastify/rate-limit': ['web'],
  'ical.js': ['config'],
  'intl-messageformat': ['language'],
  pino: ['telemetry'],
  'prom-client': ['telemetry'],
  '@commander-js/extra-typings': ['cli']
}

const folderOf = (room: string) => (['detectors', 'producer'].includes(room) ? room : `src/${room}`)
const escaped = (text: string) => text.replace(/[.]/g, '\\.')

/** What a room may not import. The demo and the commands play producers; nothing else knows the producer. */
function forbiddenTo(room: string, index: number) {
  const above = rooms.slice(0, index)
  const producer = ['cli', 'demo', 'run/assembly'].includes(room) ? [] : ['producer']
  const others = [...above, ...producer].filter(other => other !== room)
  const paths = others.map(other => (room === 'run' && other === 'run/assembly' ? 'assembly' : other))
  const names = Object.keys(vendors).filter(name => !vendors[name]?.includes(room))
  return [
    {
      regex: `^(\\./|(\\.\\./)+(src/)?)(${[...paths, 'main\\.ts', 'test', 'scripts', 'bench'].join('|')})(/|$)`,
      message: 'Imports run downward only: the rooms are listed in oxlint.config.ts.'
    },
    {
      regex: `^(${names.map(escaped).join('|')})(/|$)`,
      message: 'One vendor, one room: use what the room of this library offers.'
    }
  ]
}

// biome-ignore lint/style/noDefaultExport: oxlint takes its configuration as the default export.
export default defineConfig({
  plugins: ['typescript', 'import'],
  categories: { correctness: 'off' },
  options: { typeAware: true },
  ignorePatterns: ['test/mutations/**', 'web/dist/**'],
  rules: {
    'import/no-cycle': 'error',
    // A longer one says why it is one, behind `oxlint-disable-next-line max-lines-per-function --`.
    'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    'max-lines': ['error', 250],
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/no-base-to-string': 'error',
    'typescript/restrict-template-expressions': [
      'error',
      { allowNumber: true, allowBoolean: true, allowNullish: true, allowAny: false, allowNever: true }
    ]
  },
  overrides: [
    // What lies deeper comes later, so that its own rule holds there.
    ...[...rooms.entries()]
      .sort(([, a], [, b]) => a.length - b.length)
      .map(
        ([index, room]): OxlintOverride => ({
          files: [`${folderOf(room)}/**/*.ts`],
          rules: { 'no-restricted-imports': ['error', { patterns: forbiddenTo(room, index) }] }
        })
      ),
    // The page runs in browsers: of the program it knows what the API answers, as types.
    {
      files: ['web/**'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                // Everything but src/web/api, without a look-ahead, which these expressions do not have.
                regex: '^(\\.\\./)+(src/([^w]|w[^e]|web/([^a]|a[^p]))|detectors|producer|test|scripts|bench)',
                message: 'The page knows the API alone: src/web/api.'
              },
              {
                regex: '^(\\.\\./)+src/web/api/',
                allowTypeImports: true,
                message: 'Import types: what src/web/api does runs on the server.'
              }
            ]
          }
        ]
      }
    },
    {
      files: ['test/**', 'bench/**', 'scripts/**'],
      rules: {
        'typescript/no-misused-promises': 'off',
        'typescript/restrict-template-expressions': 'off',
        'max-lines-per-function': 'off',
        'max-lines': 'off'
      }
    }
  ]
})
