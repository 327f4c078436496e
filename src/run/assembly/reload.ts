import { formatErrors } from '../../config/errors.ts'
import type { Loaded, LoadOptions } from '../../config/load.ts'
import { configNotes } from '../../config/notes.ts'
import { type Reloaded, reloadConfig } from '../../config/reload.ts'
import type { LevelledLogger } from '../../telemetry/log.ts'
import type { Instance } from './live.ts'
import { changedReceiverLines } from './receiver-lines.ts'

type Reloading = Pick<Instance, 'reload' | 'audit'>

/** The configuration of a running instance. */
export interface ReloadableConfig {
  current(): Loaded
  /** Reads it again, and gives what can change to the instance; a wrong one changes nothing. */
  reload(instance: Reloading, log: LevelledLogger): void
}

export function createReloadableConfig(
  first: Loaded,
  options: LoadOptions,
  onReload: (isUsed: boolean) => void = () => {}
): ReloadableConfig {
  let current = first

  function apply(
    { loaded, changed }: Extract<Reloaded, { kind: 'reloaded' }>,
    instance: Reloading,
    log: LevelledLogger
  ): void {
    const before = current
    current = loaded
    const notesBefore = new Set(configNotes(before.config))
    warn(loaded.warnings, log)
    warn(
      configNotes(loaded.config).filter(note => !notesBefore.has(note)),
      log
    )
    log.level = loaded.config.log.level
    instance.reload(loaded)
    for (const { receiver, message } of changedReceiverLines(before, loaded)) log.info({ receiver }, message)
    log.info({ changed, hash: loaded.hash }, 'configuration reloaded')
    instance.audit.record({ action: 'config_reloaded', details: { hash: loaded.hash, changed } })
  }

  function reload(instance: Reloading, log: LevelledLogger): void {
    const next = reloadConfig(current, options)
    onReload(next.kind !== 'refused')
    switch (next.kind) {
      case 'refused': {
        const errors = formatErrors(next.errors)
        log.error({ errors }, 'configuration not reloaded: it has errors, the old one stays in force')
        break
      }
      case 'unchanged':
        // Some take a restart: what is in their files is noted once.
        current = { ...current, secretFiles: next.secrets.now }
        warn(next.warnings, log)
        log.info({}, 'configuration unchanged')
        noteSecrets(next, instance)
        break
      case 'reloaded':
        apply(next, instance, log)
        noteSecrets(next, instance)
        break
      default:
        next satisfies never
    }
  }

  return { current: () => current, reload }
}

/** Which secrets changed, by their files and keys; what is in them stays there. */
function noteSecrets(next: Extract<Reloaded, { readonly secrets: unknown }>, { audit }: Reloading): void {
  const { files } = next.secrets
  const keys = next.kind === 'reloaded' ? next.changed.filter(key => key.startsWith('http.')) : []
  if (files.length + keys.length === 0) return
  const details = { ...(files.length > 0 && { files }), ...(keys.length > 0 && { keys }) }
  audit.record({ action: 'secrets_changed', details })
}

function warn(warnings: readonly string[], log: LevelledLogger): void {
  for (const warning of warnings) log.warn({}, warning)
}
