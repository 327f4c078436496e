import { expect, test } from 'vitest'
import { loadConfig } from '../../../../src/config/load.ts'
import { type Inbox, openInbox } from '../../../../src/demo/inbox/inbox.ts'
import { buildDelivery } from '../../../../src/run/assembly/delivery.ts'
import { wallClock } from '../../../../src/telemetry/clock.ts'
import { createMetrics } from '../../../../src/telemetry/metrics.ts'
import { recordOf } from '../../../support/alerts.ts'
import { createRecordedLog } from '../../../support/recorded-log.ts'
import { until } from '../../../support/until.ts'

/** The configuration of an instance whose receiver has a template that was right when it was loaded. */
function configFor(inbox: Inbox, template: string) {
  const source = `receivers: { slack: { type: slack, webhook_url: "${inbox.slackUrl('alerts')}", template: it.liquid } }\nroutes: [{ default: slack }]\n`
  const files = new Map([['it.liquid', 'own words']])
  const readTemplates = () => ({ files, problems: [] })
  const loaded = loadConfig({ path: 'c.yaml', env: {}, readFile: () => source, readTemplates })
  if (!loaded.ok) throw new Error('refused')
  return { ...loaded.config, templateFiles: new Map([['it.liquid', template]]) }
}

test('a template that fails later loses no alert: the built-in message is sent, logged and counted; a reload mends it', async () => {
  const inbox = await openInbox({ clock: { now: () => 0 }, rate: null })
  const log = createRecordedLog()
  const metrics = createMetrics({ ofProcess: false })
  const { delivery, reload, close } = buildDelivery(configFor(inbox, '\n{{ titel }}'), {
    currency: () => 'EUR',
    store: { insertNotifications: async () => {} },
    clock: wallClock,
    log,
    onOutcome: () => {},
    onTemplateFailure: metrics.addTemplateFailure
  })
  const sent = async (id: string) => {
    const before = inbox.messages.length
    delivery.enqueue([recordOf({ id, incidentId: id })], Promise.resolve())
    await until('a message', () => inbox.messages.length > before)
    return JSON.stringify(inbox.messages.at(-1)?.body)
  }
  try {
    expect(await sent('first')).toContain('Revenue drop')
    expect(log.lines).toContainEqual({
      level: 'warn',
      message: 'template failed: the built-in message is sent',
      fields: {
        ...{ receiver: 'slack', kind: 'revenue_drop', action: 'trigger', correlation_id: 'first' },
        template: 'templates/it.liquid:2:4: there is no variable titel; did you mean title?'
      }
    })
    expect(await metrics.render()).toContain('cartwatch_template_failures_total{receiver="slack"} 1')
    reload(configFor(inbox, 'mended words'))
    expect(await sent('second')).toContain('mended words')
  } finally {
    await delivery.stop()
    await close()
    await inbox.close()
  }
})
