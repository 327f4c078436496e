import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import type { OperatorDeps } from './ack.ts'
import {
  auditOf,
  type CommandContext,
  ofStore,
  openStoreOf,
  openStoreWith,
  operatorOf,
  pipelineWith,
  testChannelsOf
} from './context.ts'
import type { CommandName } from './overview.ts'
import type { StoreChoice } from './with-store.ts'

/** An instance itself waits for Kafka and for the active one, in turn: 8 s at most. */
const statusMs = 10_000

type MakeCommand = (context: CommandContext) => Promise<CommandUnknownOpts>

const forOperators =
  (loadCommand: () => Promise<(deps: OperatorDeps) => CommandUnknownOpts>): MakeCommand =>
  async context =>
    (await loadCommand())(await operatorOf(context))

/** A command loads what it needs, and no command waits for what others need. */
const commands: Readonly<Record<CommandName, MakeCommand>> = {
  async run(context) {
    const { runCommand } = await import('./run.ts')
    return runCommand(context)
  },
  async status({ load, clock, terminal }) {
    const { statusCommand } = await import('./status.ts')
    const { statusSourceOf } = await import('../run/assembly/status-source.ts')
    const { askStatus } = await import('../web/ask-status.ts')
    return statusCommand({
      open: path => statusSourceOf(load(path, ['kafka', 'http.host', 'http.port']), clock),
      ask: url => askStatus({ url, of: 'group', timeoutMs: statusMs }),
      ...terminal
    })
  },
  async demo({ clock, logOf }) {
    const { demoCommand } = await import('./demo.ts')
    return demoCommand({ clock, log: logOf() })
  },
  async replay({ load, clock, logOf }) {
    const { replayCommand } = await import('./replay.ts')
    const { buildReplay } = await import('../run/assembly/replay.ts')
    return replayCommand((options, onDecision) => {
      const { store: folder, layout, send = false } = options
      const loaded = load(options.config, send ? undefined : [])
      return buildReplay({ loaded, layout, clock, log: logOf(loaded), folder, send, onDecision })
    })
  },
  backtest: async context => (await import('./backtest/deps.ts')).backtestCommandOf(context),
  tune: async context => (await import('./tune/deps.ts')).tuneCommandOf(context),
  test: async context => (await import('./scenarios/deps.ts')).testCommandOf(context),
  async inspect({ load, clock, logOf, terminal }) {
    const { inspectCommand } = await import('./inspect.ts')
    const { inspectingOf } = await import('../run/assembly/inspecting.ts')
    return inspectCommand({
      open(path) {
        const loaded = load(path, ['kafka'])
        return inspectingOf(loaded, clock, logOf(loaded))
      },
      ...terminal
    })
  },
  async backfill(context) {
    const { load, clock, logOf } = context
    const { backfillCommand } = await import('./backfill.ts')
    const { buildBackfill } = await import('../run/assembly/backfill.ts')
    return backfillCommand(async (options, file) => {
      const loaded = load(options.config, [
        ...ofStore(options),
        ...(file === undefined ? (['kafka'] as const) : [])
      ])
      const store = await openStoreOf(loaded, options, context.terminal)
      const { from: fromMs, to: toMs } = options
      return buildBackfill({ loaded, store, clock, log: logOf(loaded), file, fromMs, toMs })
    })
  },
  async produce({ load, clock }) {
    const { produceCommand } = await import('./produce.ts')
    const { producerAccess } = await import('../run/assembly/producing.ts')
    return produceCommand(path => producerAccess(load(path, ['kafka']).config, clock))
  },
  async migrate(context) {
    const { migrateCommand } = await import('./migrate.ts')
    const { inStore: audit } = await auditOf(context)
    return migrateCommand({ open: openStoreWith(context), pipeline: pipelineWith(context), audit })
  },
  async 'check-config'(context) {
    const { env, clock, readFile, listFolder, terminal } = context
    const { checkConfigCommand } = await import('./check-config.ts')
    return checkConfigCommand({
      env,
      clock,
      async connect(config) {
        const { checkConnections } = await import('../run/assembly/checks/connections.ts')
        return checkConnections(config, clock)
      },
      async send(config, file) {
        const { sendTests } = await import('./send-tests.ts')
        const { inConfigured: audit } = await auditOf(context)
        return sendTests(config, { channels: await testChannelsOf(config, context), audit, file, clock })
      },
      async tenants(path) {
        const { readTenants } = await import('../tenants/tenant-files.ts')
        const { tenantsReport } = await import('../tenants/check.ts')
        return tenantsReport(readTenants({ path, env, readFile, list: listFolder }))
      },
      ...terminal
    })
  },
  async secrets(context) {
    const { env, readFile, terminal } = context
    const { secretsCommand } = await import('./secrets/command.ts')
    const { readSecret } = await import('./secrets/read-secret.ts')
    const { replaceFile } = await import('./secrets/replace-file.ts')
    const prompt = (text: string) => void process.stderr.write(text)
    return secretsCommand({
      env,
      readFile,
      readSecret: () => readSecret(process.stdin, prompt),
      replaceFile,
      audit: (await auditOf(context)).inConfigured,
      ...terminal
    })
  },
  async templates(context) {
    const { templatesCommandOf } = await import('./templates/deps.ts')
    return templatesCommandOf(context)
  },
  async routes({ load, clock, env, readFile, terminal }) {
    const { routesCommand } = await import('./routes.ts')
    const { configuredRoutesOf } = await import('../run/assembly/routes.ts')
    return routesCommand({
      load: path => configuredRoutesOf(load(path, []).config),
      clock,
      env,
      readFile,
      ...terminal
    })
  },
  async anomalies(context) {
    const { anomaliesCommand } = await import('./anomalies.ts')
    return anomaliesCommand(openStoreWith(context))
  },
  async incidents(context) {
    const { incidentsCommand } = await import('./incidents.ts')
    return incidentsCommand(openStoreWith(context))
  },
  async notifications(context) {
    const { notificationsCommand } = await import('./notifications.ts')
    return notificationsCommand(openStoreWith(context))
  },
  async explain(context) {
    const { load, clock } = context
    const { explainCommand } = await import('./explain/command.ts')
    const { incidentsSettingsOf } = await import('../run/assembly/routes.ts')
    return explainCommand({
      open: openStoreWith(context),
      settings: ({ config }) => incidentsSettingsOf(load(config, []).config),
      async live({ config, store }) {
        if (store !== undefined) return { kind: 'unknown', why: `no instance sends from the folder ${store}` }
        const { liveReceivers } = await import('../run/assembly/live-receivers.ts')
        const { statusSourceOf } = await import('../run/assembly/status-source.ts')
        return await liveReceivers(statusSourceOf(load(config, ['http.host', 'http.port']), clock).url)
      },
      clock
    })
  },
  async audit(context) {
    const { auditCommand } = await import('./audit.ts')
    const { load, clock, terminal } = context
    const keptDays = ({ config }: StoreChoice) => load(config, []).config.store.retention.audit
    return auditCommand({ open: openStoreWith(context), keptDays, clock, ...terminal })
  },
  async anonymise(context) {
    const { anonymiseCommand } = await import('./anonymise.ts')
    const { load, clock, terminal } = context
    return anonymiseCommand({
      open: openStoreWith(context),
      settings({ config: path }) {
        const { pipeline, store } = load(path, ['store']).config
        return { pipeline, anonymise: store.anonymise }
      },
      audit: (await auditOf(context)).inStore,
      clock,
      print: terminal.print
    })
  },
  async report(context) {
    const { load, clock, terminal } = context
    const { reportCommand } = await import('./report.ts')
    const { reportNames } = await import('../report/types.ts')
    const { reportsOf, reportsSettingsOf } = await import('../run/assembly/reports.ts')
    return reportCommand({
      open: openStoreWith(context),
      settings({ config: path }) {
        const { config } = load(path, [])
        const { pipeline, currency } = config
        const on = new Set(reportsSettingsOf(config).reports.map(({ name }) => name))
        return { pipeline, currency, reports: reportNames.flatMap(name => reportsOf(config, name)), on }
      },
      async channels({ config: path }, currency) {
        const { channelsOf } = await import('../run/assembly/channels.ts')
        const { config } = load(path)
        const onTemplateFailure = (_: unknown, text: string) => terminal.complain(text)
        return channelsOf(config, { clock, currency: () => currency, onTemplateFailure })
      },
      audit: (await auditOf(context)).inStore,
      clock,
      ...terminal
    })
  },
  ack: forOperators(async () => (await import('./ack.ts')).ackCommand),
  escalate: forOperators(async () => (await import('./escalate.ts')).escalateCommand),
  label: forOperators(async () => (await import('./label.ts')).labelCommand),
  change: forOperators(async () => (await import('./change.ts')).changeCommand),
  async quality(context) {
    const { qualityCommand } = await import('./quality.ts')
    const { load, clock } = context
    const settings = ({ config }: StoreChoice) => load(config, []).config
    return qualityCommand({ open: openStoreWith(context), settings, clock })
  },
  silence: forOperators(async () => (await import('./silence.ts')).silenceCommand),
  async query(context) {
    const { queryCommand } = await import('./query.ts')
    return queryCommand(openStoreWith(context))
  },
  async 'test-alert'(context) {
    const { load, clock, terminal } = context
    const { testAlertCommand } = await import('./test-alert.ts')
    return testAlertCommand({
      async load(path) {
        const { config } = load(path)
        const { byName, close } = await testChannelsOf(config, context)
        return { pipeline: config.pipeline, byName, groups: config.groups, close }
      },
      audit: (await auditOf(context)).inConfigured,
      clock,
      ...terminal
    })
  }
}

export const commandOf = (name: CommandName, context: CommandContext): Promise<CommandUnknownOpts> =>
  commands[name](context)
