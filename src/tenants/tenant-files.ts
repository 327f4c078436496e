import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { type Env, type ReadFile, reason } from '../config/environment.ts'
import { formatErrors } from '../config/errors.ts'
import { type Loaded, loadConfig, type Refused } from '../config/load.ts'
import { conflictsOf } from './conflicts.ts'
import { tenantVariable } from './tenant-variable.ts'

/** A shop or a team with a configuration of its own: `NAME.yaml` of the folder, and `NAME.env` where it is there. */
export interface Tenant {
  readonly name: string
  readonly configPath: string
  /** The whole environment of its process. */
  readonly env: Env
  readonly loaded: Loaded
}

/** A tenant that cannot run, and why. */
export interface Refusal {
  readonly name: string
  readonly message: string
}

export interface Plan {
  /** In the order of their names. */
  readonly tenants: readonly Tenant[]
  readonly refused: readonly Refusal[]
  readonly warnings: readonly string[]
}

export interface TenantFolder {
  readonly path: string
  /** Of the process: a tenant gets the variables that name no secret and no receiver. */
  readonly env: Env
  readonly readFile: ReadFile
  /** The names in a folder; throws where it can't be read. */
  readonly list: (path: string) => readonly string[]
  /** The port that shows all of them; undefined where nothing does. */
  readonly port?: number | undefined
}

/** What every process needs to run and to reach the network, and where all tenants' Kafka and ClickHouse are. */
const shared =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|NODE_\w+|SSL_CERT_\w+|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY|ALL_PROXY|KAFKA_BOOTSTRAP_SERVERS|KAFKA_SASL_MECHANISM|KAFKA_TLS|KAFKA_CA_FILE|SCHEMA_REGISTRY_URL|CLICKHOUSE_URL|TIMEZONE|DAILY_SUMMARY_HOUR|HTTP_HOST|LOG_LEVEL)$/

const namePattern = /^[a-z0-9][a-z0-9_-]{0,62}$/

/** Reads every tenant of a folder. Throws where the folder can't be read or holds none. */
export function readTenants(folder: TenantFolder): Plan {
  const { path, list } = folder
  const files = visibleFiles(path, list)
  const configs = files.filter(file => /\.ya?ml$/.test(file)).toSorted()
  if (configs.length === 0)
    throw new Error(`${path} holds no tenant: expected a file such as ${join(path, 'shop.yaml')}`)
  const names = configs.map(file => file.replace(/\.ya?ml$/, ''))
  const refused: Refusal[] = []
  const read: Tenant[] = []
  for (const [at, name] of names.entries()) {
    const tenant = readTenant(name, configs[at] ?? '', files, folder)
    if (names.indexOf(name) < at)
      refused.push({ name, message: `${join(path, name)} is there as .yaml and as .yml: keep one of them` })
    else if ('message' in tenant) refused.push(tenant)
    else read.push(tenant)
  }
  const { refused: inConflict, warnings } = conflictsOf(read, folder.port)
  const isRefused = new Set(inConflict.map(({ name }) => name))
  const strays = files.filter(file => file.endsWith('.env') && !names.includes(file.slice(0, -4)))
  return {
    tenants: read.filter(({ name }) => !isRefused.has(name)),
    refused: [...refused, ...inConflict],
    warnings: [...strays.map(file => `${join(path, file)} belongs to no tenant: no such .yaml`), ...warnings]
  }
}

/** Kubernetes mounts a folder with links of its own, whose names begin with a point. */
function visibleFiles(path: string, list: TenantFolder['list']): readonly string[] {
  try {
    return list(path).filter(file => !file.startsWith('.'))
  } catch (cause) {
    throw new Error(`${path} can't be read (${reason(cause)}): expected a folder with a file for each tenant`)
  }
}

function readTenant(
  name: string,
  file: string,
  files: readonly string[],
  { path, env, readFile }: TenantFolder
): Tenant | Refusal {
  const configPath = join(path, file)
  if (!namePattern.test(name))
    return {
      name,
      message: `${configPath}: a tenant's name has small letters, digits, - and _, such as shop-de.yaml`
    }
  const inherited = Object.entries(env).filter(([variable]) => shared.test(variable))
  const envPath = join(path, `${name}.env`)
  let own: Env = {}
  try {
    if (files.includes(`${name}.env`)) own = parseEnv(readFile(envPath)) as Env
  } catch (cause) {
    return { name, message: `${envPath} can't be read (${reason(cause)})` }
  }
  const whole = { ...Object.fromEntries(inherited), ...own, [tenantVariable]: name }
  const loaded = loadConfig({ path: configPath, env: whole, readFile })
  if (loaded.ok) return { name, configPath, env: whole, loaded }
  return { name, message: [formatErrors(loaded.errors), ...withheld(loaded.errors, env, envPath)].join('\n') }
}

/** Variables that a configuration misses, and that only the process of all tenants has. */
function withheld(errors: Refused['errors'], env: Env, envPath: string): readonly string[] {
  const missing = errors.map(({ message }) => /environment variable (\w+) is not set/.exec(message)?.[1])
  return [...new Set(missing)].flatMap(name =>
    name !== undefined && env[name]
      ? [`${name} is set for all tenants, and kept from each: put it into ${envPath}`]
      : []
  )
}
