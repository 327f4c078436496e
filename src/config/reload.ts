import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type EffectiveConfig, withoutSecrets } from './effective.ts'
import type { ConfigError } from './errors.ts'
import { configHash } from './hash.ts'
import { defaultPath, type Loaded, type LoadOptions, loadConfig } from './load.ts'
import type { Config } from './schema.ts'

/** What a reload can change. Everything else shapes windows, offsets or rows and needs a restart. */
const reloadable = [
  'alerts',
  'detectors',
  'calendar',
  'calendarFiles',
  'environment',
  'language',
  'labels',
  'timeIntervals',
  'receivers',
  'groups',
  'heartbeats',
  'routes',
  'escalations',
  'alerting',
  'reports',
  'costs',
  'templates',
  'templateFiles'
] as const
/** Secrets that a reload changes where the way in is open before and after. */
const reloadableSecrets = ['slackSigningSecret', 'pagerdutyWebhookSecret', 'apiToken', 'intakeToken'] as const

/** The same as the file writes them. */
const written: readonly string[] = [...reloadable, 'calendar_files', 'time_intervals']

interface ChangedSecrets {
  /** Files of `NAME_FILE` that hold something else now. */
  readonly files: readonly string[]
  /** All of them, as they are now. */
  readonly now: Loaded['secretFiles']
}

export type Reloaded =
  | {
      readonly kind: 'reloaded'
      /** The old configuration with what can change taken from the new one. */
      readonly loaded: Loaded
      /** What changed, e.g. `detectors`. */
      readonly changed: readonly string[]
      readonly secrets: ChangedSecrets
    }
  | { readonly kind: 'unchanged'; readonly warnings: readonly string[]; readonly secrets: ChangedSecrets }
  | { readonly kind: 'refused'; readonly errors: readonly ConfigError[] }

/** Reads the configuration again for a running instance. A wrong one changes nothing. */
export function reloadConfig(current: Loaded, options: LoadOptions): Reloaded {
  const next = loadConfig(options)
  if (!next.ok) return { kind: 'refused', errors: next.errors }
  const message = whyUnsaved(current.source, next.source) ?? whyNobody(current.config, next.config)
  const unsaved = [
    ...unsavedFiles(current.secretFiles, next.secretFiles),
    ...unsavedFiles(templatePaths(current), templatePaths(next))
  ]
  const faults =
    message === undefined ? unsaved : [{ place: options.path ?? defaultPath, message }, ...unsaved]
  if (faults.length > 0)
    return { kind: 'refused', errors: faults.map(fault => ({ ...fault, path: '', rule: 'unreadable-file' })) }
  const http = withNewSecrets(current.config.http, next.config.http)
  const config = { ...withReloadable(current.config, next.config), http } as Config
  const kept = keptOld(current, next, config).map(
    path => `${path} has changed: restart to apply it; the old value stays in use`
  )
  const warnings = [...next.warnings, ...kept]
  const changed: string[] = reloadable.filter(
    key => !isDeepStrictEqual(current.config[key], next.config[key])
  )
  if (current.config.log.level !== next.config.log.level) changed.push('log.level')
  changed.push(...changedSecrets(current.config, config))
  const { secretFiles } = next
  const files = [...secretFiles].filter(([path, text]) => current.secretFiles.get(path) !== text)
  const secrets = { files: files.map(([path]) => path), now: secretFiles }
  if (changed.length === 0) return { kind: 'unchanged', warnings, secrets }
  const effective = withReloadable(current.effective, next.effective) as EffectiveConfig
  const hash = configHash(effective)
  return {
    kind: 'reloaded',
    loaded: { ...next, config, effective, hash, warnings },
    changed,
    secrets
  }
}

/** Why a file looks as if an editor or a deployment were still writing it; undefined where it does not. */
function whyUnsaved(before: string | null, now: string | null): string | undefined {
  if (before === null || isBlank(before)) return undefined
  if (now === null) return 'does not exist any more; put it back, or restart to use the defaults'
  if (isBlank(now))
    return 'is empty: it is still being saved, or its content is lost; restart to use the defaults'
  if (before.endsWith('\n') && !now.endsWith('\n'))
    return 'does not end with a line break, as it did before: it may be half saved'
  return undefined
}

/** Templates by their paths. */
const templatePaths = ({ config: { templates, templateFiles } }: Loaded): ReadonlyMap<string, string> =>
  new Map([...templateFiles].map(([name, text]) => [join(templates.folder, name), text]))

/** The files of secrets and templates that look so. */
function unsavedFiles(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>) {
  return [...now].flatMap(([place, text]) => {
    const earlier = before.get(place) ?? ''
    if (earlier.trim() !== '' && text.trim() === '')
      return [{ place, message: 'is empty: it is still being saved, or its content is lost' }]
    return earlier.endsWith('\n') && !text.endsWith('\n')
      ? [{ place, message: 'does not end with a line break, as it did before: it may be half saved' }]
      : []
  })
}

/** Nothing but blank lines and comments. */
const isBlank = (source: string): boolean =>
  source.split('\n').every(line => line.trim() === '' || line.trim().startsWith('#'))

/** Nobody would be notified any more, which only a restart may mean: `alerts: off` says it. */
function whyNobody({ receivers: before }: Config, { receivers: now }: Config): string | undefined {
  if (before.size === 0 || now.size > 0) return undefined
  const names = [...before.keys()].join(', ')
  return `has no receiver any more (${names} until now): nobody would be notified; to send nothing, set alerts: off`
}

type Sections = Readonly<Record<string, unknown>>

function withReloadable(old: Sections, next: Sections): Sections {
  const taken = written.filter(key => key in next).map(key => [key, next[key]])
  const log = { ...(old['log'] as object), level: Reflect.get(Object(next['log']), 'level') }
  const kept = Object.entries(old).filter(([key]) => key in next || !written.includes(key))
  return { ...Object.fromEntries(kept), ...Object.fromEntries(taken), log }
}

function withNewSecrets(old: Config['http'], next: Config['http']): Config['http'] {
  const taken = reloadableSecrets.filter(key => old[key] !== null && next[key] !== null)
  return { ...old, ...Object.fromEntries(taken.map(key => [key, next[key]])) }
}

/** The paths of secrets that differ, as the file writes them. */
function changedSecrets(one: Config, other: Config): string[] {
  const now = secretsOf(other)
  return Object.entries(secretsOf(one)).flatMap(([path, secret]) =>
    isDeepStrictEqual(secret, now[path]) ? [] : path
  )
}

/** The paths, as the file writes them, of what differs and is not reloaded. */
function keptOld(current: Loaded, next: Loaded, config: Config): string[] {
  const merged = withReloadable(current.effective, next.effective)
  const paths = differences(withoutSecrets(merged), withoutSecrets(next.effective), '')
  // Secrets are masked in what is compared above.
  return [...paths, ...changedSecrets(config, next.config)]
}

/** The secrets outside of the sections that are reloaded, by their paths in the file. */
function secretsOf({
  store,
  kafka: { sasl, tls, schemaRegistry },
  http
}: Config): Record<string, string | readonly string[] | null | undefined> {
  return {
    'store.password': store.password,
    'store.anonymise_secret': store.anonymise?.secret,
    'kafka.sasl.password': sasl && 'password' in sasl ? sasl.password : undefined,
    'kafka.sasl.client_secret': sasl && 'clientSecret' in sasl ? sasl.clientSecret : undefined,
    'kafka.schema_registry.password': schemaRegistry?.password,
    'kafka.tls.passphrase': tls?.passphrase,
    'http.link_secret': http.linkSecret,
    'http.slack_signing_secret': http.slackSigningSecret,
    'http.pagerduty_webhook_secret': http.pagerdutyWebhookSecret,
    'http.api_token': http.apiToken,
    'http.view_token': http.viewToken,
    'http.password': http.password,
    'http.view_password': http.viewPassword,
    'http.intake_token': http.intakeToken
  }
}

function differences(one: unknown, other: unknown, path: string): string[] {
  if (isDeepStrictEqual(one, other)) return []
  if (!isMap(one) || !isMap(other)) return [path]
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].flatMap(key => differences(one[key], other[key], path ? `${path}.${key}` : key))
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
