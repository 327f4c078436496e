import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path/posix'
import { parseEnv } from 'node:util'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

interface Service {
  readonly image?: string
  readonly build?: string
  readonly restart?: string
  readonly mem_limit?: string
  readonly pids_limit?: number
  readonly environment?: Readonly<Record<string, unknown>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly healthcheck?: object
  readonly profiles?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const isThere = (path: string) => existsSync(new URL(`../../../${path}`, import.meta.url))

const composeText = read('docker-compose.yml')
const compose: { services: Record<string, Service>; volumes: object } = parse(composeText, { merge: true })
const services = Object.entries(compose.services)
const { cartwatch, producer } = compose.services
const dockerfile = read('Dockerfile')

describe('docker-compose.yml', () => {
  test('is valid by the published schema of Compose', () => {
    const { $schema: _, ...schema } = JSON.parse(read('test/support/schemas/compose-spec.json'))
    const ajv = new Ajv({ strict: false, allErrors: true })
    addFormats.default(ajv)
    const validate = ajv.compile(schema)
    validate(compose)
    expect(validate.errors).toBe(null)
    expect(validate({ services: { kafka: { prots: [] } } })).toBe(false)
  })

  test('publishes ports on loopback only', () => {
    const open = services
      .flatMap(([, { ports = [] }]) => ports)
      .filter(port => !/^(127\.0\.0\.1|\$\{HTTP_HOST:-127\.0\.0\.1\}):/.test(port))
    expect(open).toEqual([])
  })

  test('has a health check for every service that stays up', () => {
    const unchecked = services
      .filter(([, { restart, healthcheck, build }]) => restart && !healthcheck && !build)
      .map(([name]) => name)
    expect(unchecked).toEqual([])
    expect(dockerfile).toMatch(/^HEALTHCHECK (.|\n)*\/healthz/m)
  })

  test('starts cartwatch once Kafka and ClickHouse are healthy and the topic is there', () => {
    expect(cartwatch?.depends_on).toEqual({
      kafka: { condition: 'service_healthy' },
      topics: { condition: 'service_completed_successfully' },
      clickhouse: { condition: 'service_healthy' }
    })
  })

  test('starts the producer only by its profile', () => {
    expect(producer?.profiles).toEqual(['producer'])
  })

  test('starts two more instances by a profile, the same but for the published port', () => {
    const { ports, ...same } = cartwatch ?? {}
    expect(ports).toHaveLength(1)
    for (const name of ['cartwatch-2', 'cartwatch-3'])
      expect(compose.services[name]).toEqual({ ...same, profiles: ['standby'], ports: [] })
    expect(cartwatch?.environment).toMatchObject({ HTTP_HOST: '0.0.0.0', HTTP_PORT: 8080 })
  })

  test('starts Grafana with its data sources and dashboards, and Prometheus with its rules, by a profile', () => {
    const { grafana, prometheus } = compose.services
    for (const one of [grafana, prometheus]) expect(one?.profiles).toEqual(['grafana'])
    expect(grafana?.volumes).toContain('./deploy/grafana/provisioning:/etc/grafana/provisioning:ro')
    const { providers } = parse(read('deploy/grafana/provisioning/dashboards/cartwatch.yaml'))
    expect(grafana?.volumes).toContain(`./deploy/grafana/dashboards:${providers[0].options.path}:ro`)
    const { rule_files: rules } = parse(read('deploy/prometheus.yml'))
    expect(prometheus?.volumes).toContain(`./deploy/prometheus-rules.yaml:${rules[0]}:ro`)
  })

  test('pins every image to a version', () => {
    const images = services.filter(([, { build }]) => !build).map(([, { image }]) => image)
    expect(images.filter(image => !/:v?\d+\.\d+/.test(image ?? ''))).toEqual([])
  })

  test('bounds memory and processes of every service', () => {
    const unbounded = services.filter(([, one]) => !(one.mem_limit && one.pids_limit)).map(([name]) => name)
    expect(unbounded).toEqual([])
  })

  test('uses only variables that .env.example lists', () => {
    const listed = Object.keys(parseEnv(read('.env.example').replace(/^# ?(?=[A-Z][A-Z0-9_]*=)/gm, '')))
    const interpolated = [...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name ?? '')
    const own = [cartwatch, producer].flatMap(service => Object.keys(service?.environment ?? {}))
    expect([...interpolated, ...own].filter(name => !listed.includes(name))).toEqual([])
  })

  test('mounts only files of the repository and its own volumes', () => {
    const sources = services
      .flatMap(([, { volumes = [] }]) => volumes)
      .map(volume => volume.split(':')[0] ?? '')
    const missing = sources.filter(source =>
      source.startsWith('.') ? !isThere(source) : !Object.keys(compose.volumes).includes(source)
    )
    expect(missing).toEqual([])
  })
})

describe('the image', () => {
  test('does not run as root', () => {
    expect(dockerfile.match(/^USER .+$/gm)?.at(-1)).toBe('USER node')
    expect(dockerfile.lastIndexOf('\nUSER ')).toBeLessThan(dockerfile.indexOf('\nENTRYPOINT '))
  })

  test('runs the Node of the tests, and keeps what it compiles', () => {
    const { devDependencies } = JSON.parse(read('package.json'))
    expect(dockerfile).toMatch(`ARG NODE_IMAGE=node:${devDependencies.node}-slim\n`)
    const stages = ['FROM $NODE_IMAGE AS dependencies', 'FROM $NODE_IMAGE AS page', 'FROM $NODE_IMAGE']
    expect(dockerfile.match(/^FROM .+$/gm)).toEqual(stages)
    // Node keeps it by user: what root compiled is nothing to another.
    const compiles = dockerfile.indexOf('\nRUN node src/cartwatch.js --help')
    expect(compiles).toBeGreaterThan(dockerfile.indexOf('\nCOPY src src'))
    expect(compiles).toBeGreaterThan(dockerfile.indexOf('\nUSER node'))
  })

  test('brings the page built', () => {
    expect(dockerfile).toMatch(/RUN node scripts\/build-page\.js\n\nFROM/)
    expect(dockerfile).toContain('\nCOPY --from=page /app/web/dist web/dist\n')
  })

  test('has no development dependency, so neither chdb', () => {
    expect(dockerfile).toContain('npm ci --omit=dev')
    const { dependencies } = JSON.parse(read('package.json'))
    expect(Object.keys(dependencies)).not.toContain('chdb')
  })

  test('holds every file and package that the program imports, at its start or when it needs them', () => {
    const copied = copiedPaths()
    const { dependencies } = JSON.parse(read('package.json'))
    const [files, packages] = importsFrom('src/program.ts')
    expect(files.filter(file => !copied.some(path => file === path || file.startsWith(`${path}/`)))).toEqual(
      []
    )
    // The demo asks for a container where it can: the image cannot.
    const ofContainers = ['testcontainers', '@testcontainers/kafka']
    expect(packages.filter(name => !(name in dependencies))).toEqual(ofContainers)
    expect(packages).toContain('kafkajs')
  })

  test('copies only what is there and what .dockerignore lets in', () => {
    const allowed: readonly string[] = read('.dockerignore').match(/(?<=^!).+$/gm) ?? []
    const copied = copiedPaths()
    expect(copied.filter(path => !isThere(path))).toEqual([])
    expect(copied.filter(path => !allowed.includes(path))).toEqual([])
  })
})

/** What the image's last stage takes from the repository. */
const copiedPaths = () =>
  [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '))

/** The files that a file loads, at once or later, and the packages that they name; types are not loaded. */
function importsFrom(entry: string): [files: string[], packages: string[]] {
  const files = new Set([entry])
  const packages = new Set<string>()
  for (const file of files) {
    for (const [, atStart, later] of read(file).matchAll(
      /^(?:import|export) (?!type )(?:[\w*{][^'"=(]* from )?'([^']+)'(?: with .*)?$|await import\('([^']+)'\)/gm
    )) {
      const specifier = atStart ?? later ?? ''
      if (specifier.startsWith('.')) files.add(join(file, '..', specifier))
      else if (!isBuiltin(specifier)) packages.add(/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
    }
  }
  return [[...files], [...packages]]
}
