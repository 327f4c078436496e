import type { Settings } from './document.ts'
import { pathText } from './errors.ts'
import type { LookUp } from './interpolate.ts'
import { type Note, noteOf } from './rules/note.ts'

/** Variables that fill in a place of the configuration which the file leaves open. */
export const knownVariables: readonly { readonly name: string; readonly path: readonly string[] }[] = [
  { name: 'KAFKA_BOOTSTRAP_SERVERS', path: ['kafka', 'brokers'] },
  { name: 'KAFKA_SASL_MECHANISM', path: ['kafka', 'sasl', 'mechanism'] },
  { name: 'KAFKA_USERNAME', path: ['kafka', 'sasl', 'username'] },
  { name: 'KAFKA_PASSWORD', path: ['kafka', 'sasl', 'password'] },
  { name: 'KAFKA_OAUTH_TOKEN_URL', path: ['kafka', 'sasl', 'token_url'] },
  { name: 'KAFKA_OAUTH_CLIENT_ID', path: ['kafka', 'sasl', 'client_id'] },
  { name: 'KAFKA_OAUTH_CLIENT_SECRET', path: ['kafka', 'sasl', 'client_secret'] },
  { name: 'KAFKA_OAUTH_SCOPE', path: ['kafka', 'sasl', 'scope'] },
  { name: 'KAFKA_TLS', path: ['kafka', 'tls', 'enabled'] },
  { name: 'KAFKA_CA_FILE', path: ['kafka', 'tls', 'ca'] },
  { name: 'KAFKA_CERT_FILE', path: ['kafka', 'tls', 'cert'] },
  { name: 'KAFKA_KEY_FILE', path: ['kafka', 'tls', 'key'] },
  { name: 'KAFKA_KEY_PASSPHRASE', path: ['kafka', 'tls', 'passphrase'] },
  { name: 'SCHEMA_REGISTRY_URL', path: ['kafka', 'schema_registry', 'url'] },
  { name: 'SCHEMA_REGISTRY_USERNAME', path: ['kafka', 'schema_registry', 'username'] },
  { name: 'SCHEMA_REGISTRY_PASSWORD', path: ['kafka', 'schema_registry', 'password'] },
  { name: 'CLICKHOUSE_URL', path: ['store', 'url'] },
  { name: 'CLICKHOUSE_USER', path: ['store', 'user'] },
  { name: 'CLICKHOUSE_PASSWORD', path: ['store', 'password'] },
  { name: 'CARTWATCH_ANONYMISE_SECRET', path: ['store', 'anonymise_secret'] },
  { name: 'TIMEZONE', path: ['timezone'] },
  { name: 'DAILY_SUMMARY_HOUR', path: ['reports', 'daily', 'hour'] },
  { name: 'DASHBOARD_URL', path: ['alerting', 'dashboard_url'] },
  { name: 'HTTP_HOST', path: ['http', 'host'] },
  { name: 'HTTP_PORT', path: ['http', 'port'] },
  { name: 'CARTWATCH_PUBLIC_URL', path: ['http', 'public_url'] },
  { name: 'CARTWATCH_LINK_SECRET', path: ['http', 'link_secret'] },
  { name: 'SLACK_SIGNING_SECRET', path: ['http', 'slack_signing_secret'] },
  { name: 'PAGERDUTY_WEBHOOK_SECRET', path: ['http', 'pagerduty_webhook_secret'] },
  { name: 'CARTWATCH_API_TOKEN', path: ['http', 'api_token'] },
  { name: 'CARTWATCH_VIEW_TOKEN', path: ['http', 'view_token'] },
  { name: 'CARTWATCH_PASSWORD', path: ['http', 'password'] },
  { name: 'CARTWATCH_VIEW_PASSWORD', path: ['http', 'view_password'] },
  { name: 'CARTWATCH_INTAKE_TOKEN', path: ['http', 'intake_token'] },
  { name: 'LOG_LEVEL', path: ['log', 'level'] }
]

/** Puts the known variables where the file says nothing; gives a note for each that the file overrules. */
export function fillFromVariables(
  settings: Settings,
  lookUpAt: (path: readonly PropertyKey[]) => LookUp
): Note[] {
  const notes: Note[] = []
  // What the file names itself, wherever, is not ignored.
  const named = new Set([...settings.origins.values()].flatMap(({ variables }) => variables))
  for (const { name, path } of knownVariables) {
    const variable = lookUpAt(path)(name)
    const origin = { place: `environment variable ${name}`, variables: [name], plain: true }
    if ('problem' in variable) {
      settings.errors.push({
        place: origin.place,
        path: pathText(path),
        message: variable.problem,
        rule: 'unresolved-variable'
      })
    } else if ('value' in variable && variable.value !== undefined) {
      if (put(settings.value, path, variable.value)) {
        settings.origins.set(pathText(path), origin)
        continue
      }
      const taken = takenBy(settings, path)
      const there = settings.origins.get(taken)
      if (there && !named.has(name)) {
        notes.push(
          noteOf('ignored-variable', `${name} is ignored: ${there.place} sets ${taken}`, origin.place)
        )
      }
    }
  }
  return notes
}

/** What keeps a variable from its place: the place itself, or a switch such as `tls: on` where keys would be. */
function takenBy({ origins }: Settings, path: readonly string[]): string {
  const above = path.map((_, index) => pathText(path.slice(0, path.length - index)))
  return above.find(text => origins.has(text)) ?? pathText(path)
}

/** False if the place is taken, or a value is where a section would be. */
function put(map: Record<string, unknown>, path: readonly string[], value: unknown): boolean {
  const [key, ...rest] = path
  if (key === undefined) return false
  if (rest.length === 0) {
    if (map[key] !== undefined) return false
    map[key] = value
    return true
  }
  const inner = map[key] ?? Object.create(null)
  if (typeof inner !== 'object' || Array.isArray(inner)) return false
  const done = put(inner, rest, value)
  if (done) map[key] = inner
  return done
}
