import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openInbox } from '../../src/demo/inbox/inbox.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { pipelineConfig, useEngine } from '../support/pipeline.ts'
import { startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const token = 'planted-intake-token-16'

describeWithKafka('templates of a running instance', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('write its messages, are read again on SIGHUP, and a wrong one changes nothing', async ({
    onTestFinished
  }) => {
    const folder = await mkdtemp(join(tmpdir(), 'cartwatch-templates-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const template = (text: string) => writeFile(join(folder, 'drift.liquid'), text)
    await template(
      '{% render "head" %}{{ alert.model_id }} drifts by {{ alert.current_value | number: 2 }}\n'
    )
    await writeFile(join(folder, 'head.liquid'), '*{{ severity | upper }}* ')
    const topic = await kafka.createTopic({ partitions: 1 })
    const inbox = await openInbox({ clock: wallClock, rate: null })
    onTestFinished(inbox.close)
    const slack = { type: 'slack', webhook_url: inbox.slackUrl('slack'), template: { drift: 'drift.liquid' } }
    const config = pipelineConfig({
      ...{
        pipeline: uniqueName('templates'),
        topic,
        brokers: kafka.bootstrap,
        store: engine.section(),
        session: '6s'
      },
      more: {
        http: { port: 0, intake_token: token },
        templates: { folder },
        receivers: { slack },
        routes: [{ default: 'slack' }]
      }
    })
    const program = await startProgram(config, { onTestFinished })
    const { address } = await program.logged('operations port')
    const raise = async (model: string) => {
      const alert = {
        kind: 'drift',
        model_id: model,
        metric: 'psi',
        current_value: 0.3149,
        baseline_value: 0.1
      }
      const response = await fetch(`${address}/api/alerts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...alert, severity: 'critical' })
      })
      expect(response.status).toBe(202)
      const shown = () => inbox.messages.map(({ body }) => JSON.stringify(body))
      return until(`the message about ${model}`, () => shown().find(text => text.includes(model)))
    }

    expect(await raise('ranker')).toContain('*CRITICAL* ranker drifts by 0.31')
    await template('{{ alert.modelid }}\n')
    program.signal('SIGHUP')
    const refused = await program.logged('configuration not reloaded')
    expect(refused['errors']).toContain(
      `${join(folder, 'drift.liquid')}:1:4: there is no variable alert.modelid; did you mean alert.model_id?`
    )
    expect(await raise('second')).toContain('*CRITICAL* second drifts')
    await template('mended: {{ alert.model_id }}\n')
    program.signal('SIGHUP')
    await program.logged('configuration reloaded')
    expect(await raise('third')).toContain('mended: third')
  })
})
