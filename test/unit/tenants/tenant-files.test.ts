import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTenants, type TenantFolder } from '../../../src/tenants/tenant-files.ts'

const missing = (path: string) => Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })

/** A folder `t` with these files. */
const folderOf = (
  files: Readonly<Record<string, string>>,
  more: Partial<Pick<TenantFolder, 'env' | 'port'>> = {}
): TenantFolder => ({
  path: 't',
  env: {},
  readFile(path) {
    const text = files[path.replace(/^t\//, '')]
    if (text === undefined) throw missing(path)
    return text
  },
  list: () => Object.keys(files),
  ...more
})

/** A configuration of its own for a name, with more lines. */
const own = (name: string, port: number, more = '') =>
  `pipeline: ${name}\nkafka: { group: ${name} }\nstore: { folder: data/${name} }\nhttp: { port: ${port} }\n${more}`

const hook = (url: string) =>
  `receivers: { hook: { type: slack, webhook_url: "${url}" } }\nroutes: [{ default: hook }]\n`

test('gives each tenant its configuration and its own variables, by name', () => {
  const { tenants, refused, warnings } = readTenants(
    folderOf({
      'fr.yaml': own('fr', 2),
      'de.yml': own('de', 1),
      'de.env': '# Germany\nSLACK_WEBHOOK_URL="https://hooks.slack.com/services/T0/B0/de"\n',
      '..data': 'a link of Kubernetes',
      'notes.txt': 'not a tenant'
    })
  )
  expect(tenants.map(({ name, configPath }) => [name, configPath])).toEqual([
    ['de', 't/de.yml'],
    ['fr', 't/fr.yaml']
  ])
  expect(tenants.map(({ env }) => env)).toEqual([
    { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/de', CARTWATCH_TENANT: 'de' },
    { CARTWATCH_TENANT: 'fr' }
  ])
  expect(tenants.map(({ loaded }) => [...loaded.config.receivers.keys()])).toEqual([['slack'], []])
  expect([refused, warnings]).toEqual([[], []])
})

test('passes on where Kafka and ClickHouse are, and no variable that may hold a secret', () => {
  const env = {
    PATH: '/bin',
    KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092',
    CLICKHOUSE_URL: 'http://clickhouse:8123',
    CLICKHOUSE_PASSWORD: 'secret',
    KAFKA_PASSWORD: 'secret',
    SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/all',
    CARTWATCH_ENCRYPTION_KEYS: 'secret',
    CARTWATCH_TENANT: 'another',
    MY_OWN: 'secret'
  }
  const [tenant] = readTenants(folderOf({ 'de.yaml': own('de', 1) }, { env })).tenants
  expect(tenant?.env).toEqual({
    PATH: '/bin',
    KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092',
    CLICKHOUSE_URL: 'http://clickhouse:8123',
    CARTWATCH_TENANT: 'de'
  })
})

test('never gives a tenant a variable of another one', () => {
  const value = fc.stringMatching(/^[a-z]{6,12}$/)
  fc.assert(
    fc.property(value, value, (first, second) => {
      fc.pre(first !== second)
      const { tenants } = readTenants(
        folderOf({
          'a.yaml': own('a', 1),
          'b.yaml': own('b', 2),
          'a.env': `ONE=${first}`,
          'b.env': `TWO=${second}`
        })
      )
      expect(tenants.map(({ env }) => [env['ONE'], env['TWO']])).toEqual([
        [first, undefined],
        [undefined, second]
      ])
    })
  )
})

test('refuses a tenant that is wrong, with the place, and keeps the others', () => {
  const { tenants, refused } = readTenants(
    folderOf({
      'a.yaml': own('a', 1),
      'b.yaml': 'pipelin: b',
      'c.yaml': own('c', 3),
      'c.yml': own('c', 4),
      'Big.yaml': own('big', 5)
    })
  )
  expect(tenants.map(({ configPath }) => configPath)).toEqual(['t/a.yaml', 't/c.yaml'])
  expect(refused).toEqual([
    {
      name: 'Big',
      message: "t/Big.yaml: a tenant's name has small letters, digits, - and _, such as shop-de.yaml"
    },
    { name: 'b', message: 't/b.yaml:1:1: pipelin: is not a known key; did you mean pipeline?' },
    { name: 'c', message: 't/c is there as .yaml and as .yml: keep one of them' }
  ])
})

test('says where to put a variable that only the process of all tenants has', () => {
  const files = { 'a.yaml': own('a', 1, hook('https://hooks.example/$' + '{PART}')) }
  const { refused } = readTenants(folderOf(files, { env: { PART: 'of-all' } }))
  expect(refused[0]?.message.split('\n').at(-1)).toBe(
    'PART is set for all tenants, and kept from each: put it into t/a.env'
  )
  expect(refused[0]?.message).not.toContain('of-all')
})

test.each([
  ['kafka.group is the consumer group', 'kafka: { group: a }\nstore: { folder: b }\nhttp: { port: 2 }'],
  [
    'store.folder is the folder',
    'kafka: { group: b }\nstore: { folder: ./data/../data/a }\nhttp: { port: 2 }'
  ],
  ['http.port is the port', 'kafka: { group: b }\nstore: { folder: b }\nhttp: { port: 1 }']
])('refuses the second of two tenants where %s', (what, second) => {
  const { tenants, refused } = readTenants(folderOf({ 'a.yaml': own('a', 1), 'b.yaml': second }))
  expect(tenants.map(({ name }) => name)).toEqual(['a'])
  expect(refused).toEqual([{ name: 'b', message: `t/b.yaml: ${what} of a: give each tenant its own` }])
})

test('refuses one database for two, and takes two databases of one engine', () => {
  const at = (name: string, port: number, database: string) =>
    `kafka: { group: ${name} }\nstore: { url: "http://db:8123", database: ${database} }\nhttp: { port: ${port} }`
  const files = { 'a.yaml': at('a', 1, 'x'), 'b.yaml': at('b', 2, 'x'), 'c.yaml': at('c', 3, 'y') }
  const { tenants, refused } = readTenants(folderOf(files))
  expect(tenants.map(({ name }) => name)).toEqual(['a', 'c'])
  expect(refused).toEqual([
    { name: 'b', message: 't/b.yaml: store.database is the database of a: give each tenant its own' }
  ])
})

test.each(['api_token', 'intake_token'])(
  'refuses an %s that opens two tenants, and does not show it',
  key => {
    const at = (name: string, port: number) =>
      `kafka: { group: ${name} }\nstore: { folder: ${name} }\nhttp: { port: ${port}, ${key}: a-token-of-two-tenants }`
    const { refused } = readTenants(folderOf({ 'a.yaml': at('a', 1), 'b.yaml': at('b', 2) }))
    expect(refused).toEqual([
      { name: 'b', message: `t/b.yaml: http.${key} is the secret of a: give each tenant its own` }
    ])
  }
)

test('refuses a tenant on the port of all of them; 0 is any free port, for as many as want it', () => {
  const files = { 'a.yaml': own('a', 8080), 'b.yaml': own('b', 0), 'c.yaml': own('c', 0) }
  const { tenants, refused } = readTenants(folderOf(files, { port: 8080 }))
  expect(tenants.map(({ name }) => name)).toEqual(['b', 'c'])
  expect(refused[0]?.message).toBe(
    't/a.yaml: http.port is the port of --listen, where all tenants are shown: give each tenant its own'
  )
})

test('warns where two send to one place, and of variables of nobody', () => {
  const url = 'https://hooks.slack.com/services/T0/B0/both'
  const { tenants, warnings } = readTenants(
    folderOf({ 'a.yaml': own('a', 1, hook(url)), 'b.yaml': own('b', 2, hook(url)), 'z.env': 'A=1' })
  )
  expect(tenants.length).toBe(2)
  expect(warnings).toEqual([
    't/z.env belongs to no tenant: no such .yaml',
    't/b.yaml: receivers.hook sends to the same place as hook of a'
  ])
})

test('says what is expected where there is no folder and no tenant', () => {
  expect(() => readTenants(folderOf({ 'readme.md': '' }))).toThrow(
    't holds no tenant: expected a file such as t/shop.yaml'
  )
  const list = () => {
    throw missing('t')
  }
  expect(() => readTenants({ ...folderOf({}), list })).toThrow(
    "t can't be read (ENOENT): expected a folder with a file for each tenant"
  )
})
