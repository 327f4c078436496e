import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { proxyProblems } from '../net/proxies.ts'
import { expectedOf, valueAt } from '../telemetry/expected.ts'
import { readCalendars } from './calendar-reading.ts'
import { crossSectionIssues } from './cross-section.ts'
import { type AbsentReceiver, fillReceivers } from './default-receivers.ts'
import { readDocument, type Settings } from './document.ts'
import { type EffectiveConfig, fillIn, mask } from './effective.ts'
import { readBinding } from './encryption/binding.ts'
import { createDecryption } from './encryption/decryption.ts'
import { type Keyring, readKeyring } from './encryption/keyring.ts'
import { type Env, environment, type ReadFile, reason } from './environment.ts'
import { type ConfigError, type CrossIssue, pathText } from './errors.ts'
import { configHash } from './hash.ts'
import { configErrors } from './issues.ts'
import { securityNotes } from './kafka-security.ts'
import { plainHttpNotes } from './plain-http.ts'
import { plainSecretNotes } from './plain-secrets.ts'
import { receiverNotes } from './receivers.ts'
import { type Note, noteOf } from './rules/note.ts'
import { type Config, configSchema } from './schema.ts'
import { scrub } from './secrets.ts'
import { checkTemplates } from './templates/check.ts'
import { type ReadTemplates, readTemplates } from './templates/folder.ts'
import { tlsFileProblems } from './tls-files.ts'
import { fillOpen, lookUpOf, putAt, type Used } from './unneeded.ts'
import { fillFromVariables } from './variables.ts'

export const defaultPath = 'cartwatch.yaml'

export interface LoadOptions {
  /** A file that must exist; without it `cartwatch.yaml` is read if it is there. */
  readonly path?: string | undefined
  readonly env: Env
  readonly readFile?: ReadFile
  readonly readTemplates?: ReadTemplates
  /** What is used of addresses and secrets; a variable that is missing elsewhere is no mistake. All of them where left out. */
  readonly uses?: readonly Used[]
  /** Templates are tried with the worst and the least contents of every kind, as a check of them should be; at a start, of one. */
  readonly everyContent?: boolean
}

export interface Loaded {
  readonly ok: true
  readonly config: Config
  readonly effective: EffectiveConfig
  /** Of the effective configuration, secrets excluded. */
  readonly hash: string
  readonly notes: readonly Note[]
  /** Their texts. */
  readonly warnings: readonly string[]
  /** What file and environment gave, with its places. Holds secrets. */
  readonly given: Pick<Settings, 'value' | 'origins'>
  /** Receivers that the environment could describe and does not; none where the file names the receivers. */
  readonly absentReceivers: readonly AbsentReceiver[]
  /** The text of the file; null where there was none. */
  readonly source: string | null
  /** The files that `NAME_FILE` variables name, with what was in them. */
  readonly secretFiles: ReadonlyMap<string, string>
}

export interface Refused {
  readonly ok: false
  /** All that is wrong, in the order of the file. */
  readonly errors: readonly ConfigError[]
}

/** Reads file and environment into the configuration, or says all that is wrong with them. Never throws. */
export function loadConfig({
  path,
  env,
  readFile = readText,
  readTemplates: readFolder = readTemplates,
  uses,
  everyContent = false
}: LoadOptions): Loaded | Refused {
  const file = path ?? defaultPath
  const { lookUp, secrets, files: secretFiles } = environment(env, readFile)
  const notes: Note[] = []
  let source: string | null = null
  try {
    source = readFile(file)
  } catch (cause) {
    if (path !== undefined || reason(cause) !== 'ENOENT') {
      const message = `can't be read (${reason(cause)})`
      return { ok: false, errors: [{ place: file, path: '', message, rule: 'unreadable-file' }] }
    }
    notes.push(noteOf('missing-file', `${file} does not exist: using the defaults and the environment`))
  }
  const keyring = readKeyring(lookUp)
  const binding = () => readBinding(source ?? '', file, lookUp).binding
  const decryption = createDecryption({ keyring, bindingOf: binding, secrets })
  const { lookUpAt, isUsed } = lookUpOf(decryption.lookUpAt(lookUp), uses)
  const settings = readDocument(source ?? '', file, lookUpAt)
  for (const { name, message } of proxyProblems(env))
    settings.errors.push({ place: `environment variable ${name}`, path: '', message, rule: 'wrong-value' })
  if (keyring.keys === null && uses === undefined) settings.errors.push(keyringError(keyring))
  decryption.replaceIn(settings, isUsed)
  const fromVariables = fillFromVariables(settings, lookUpAt)
  const filled = fillReceivers(settings, lookUpAt(['receivers']))
  notes.push(...fromVariables, ...filled.notes)
  if (settings.readable) fillOpen(settings, at => isWrongAt(settings.value, at))
  const parsed = settings.readable ? parse(settings) : undefined
  const issues = [
    ...(parsed?.error?.issues ?? []),
    ...(parsed ? crossSectionIssues(settings.value).map(sentence) : []),
    ...(isUsed(['kafka']) ? tlsFileProblems(parsed?.data?.kafka.tls ?? {}, readFile).map(sentence) : [])
  ]
  const faults = configErrors(issues, settings, file, path => isRightAsText(settings.value, path))
  const calendars = readCalendars(parsed?.data?.calendarFiles ?? [], readFile)
  faults.push(...calendars.faults, ...configErrors(calendars.missing.map(sentence), settings, file))
  const templates =
    parsed?.success && usesTemplates(uses) ? checkTemplates(parsed.data, readFolder, everyContent) : none
  faults.push(...templates.errors)
  if (!parsed?.success || settings.errors.length || faults.length) {
    const errors = [...settings.errors, ...faults].toSorted(byPlace)
    return { ok: false, errors: errors.map(error => ({ ...error, message: scrub(error.message, secrets) })) }
  }
  const { origins } = settings
  notes.push(
    ...securityNotes(parsed.data.kafka, origins),
    ...receiverNotes(parsed.data.receivers, origins),
    ...plainHttpNotes(parsed.data, origins),
    ...plainSecretNotes(settings)
  )
  const effective = mask(fillIn(configSchema, settings.value), secrets) as EffectiveConfig
  const hash = configHash(effective)
  return {
    ok: true,
    config: { ...parsed.data, calendarFiles: [...calendars.files], templateFiles: templates.files },
    effective,
    hash,
    notes,
    warnings: notes.map(({ text }) => text),
    given: { value: settings.value, origins },
    absentReceivers: filled.absent,
    source,
    secretFiles
  }
}

const none: ReturnType<typeof checkTemplates> = { files: new Map(), errors: [] }

/** A command that sends nothing works where a template is wrong. */
const usesTemplates = (uses: LoadOptions['uses']): boolean => uses?.includes('templates') ?? true

const keyringError = ({ variable, problem }: Extract<Keyring, { readonly keys: null }>): ConfigError => ({
  place: `environment variable ${variable}`,
  path: '',
  message: problem,
  rule: 'unreadable-secret'
})

/** An error found outside the schema, whose message is a whole sentence. */
const sentence = ({ path, message, rule }: CrossIssue) => ({
  code: 'custom' as const,
  path: [...path],
  message,
  params: { sentence: true, rule }
})

/** A variable is text; where the schema wants none of it, it is read once more as the number or truth it spells. */
function parse({ value, origins }: Settings): z.ZodSafeParseResult<Config> {
  const first = configSchema.safeParse(value, { error: expectedOf })
  if (first.success) return first
  let reread = false
  for (const { path } of first.error.issues) {
    const origin = origins.get(pathText(path))
    const holder = path.slice(0, -1).reduce<unknown>((inner, step) => Reflect.get(Object(inner), step), value)
    const last = path.at(-1)
    if (!origin?.plain || last === undefined || typeof holder !== 'object' || holder === null) continue
    const spelled = scalar(Reflect.get(holder, last))
    if (spelled === undefined) continue
    Reflect.set(holder, last, spelled)
    reread = true
  }
  return reread ? configSchema.safeParse(value, { error: expectedOf }) : first
}

/** Whether a number or truth at a place would be taken if it were in quotes. */
function isRightAsText(value: unknown, path: readonly PropertyKey[]): boolean {
  const copy = structuredClone(value)
  putAt(copy, path, String(valueAt(value, path)))
  return !isWrongAt(copy, path)
}

/** Whether the schema refuses what is at a place, whatever is wrong elsewhere. */
function isWrongAt(value: unknown, place: readonly PropertyKey[]): boolean {
  const { error } = configSchema.safeParse(value)
  return error?.issues.some(({ path }) => place.every((step, at) => path[at] === step)) ?? false
}

function byPlace(one: ConfigError, other: ConfigError): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0)
}

function scalar(text: unknown): number | boolean | undefined {
  if (text === 'true' || text === 'false') return text === 'true'
  return typeof text === 'string' && /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

function readText(path: string): string {
  return readFileSync(path, 'utf8')
}
