import { expect, test } from 'vitest'
import { slackMessage } from '../../../../src/channel/slack/message.ts'
import type { Language } from '../../../../src/language/language.ts'
import { epoch, incidentOf, recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { factsOf } from '../../../support/channels.ts'
import { englishIn } from '../../../support/english-left.ts'
import { incidentId, slackHeaders, startInbound, startReceiver } from '../../../support/inbound.ts'

const path = '/slack/interactions'

interface Button {
  readonly action_id: string
  readonly value: string
}

/** The buttons of a message to Slack in a language. */
function buttonsIn(language: Language): readonly Button[] {
  const record = recordOf({ incidentId, incident: factsOf({ status: 'open' }) })
  const { attachments } = slackMessage(record, renderOptionsOf({ language, interactive: true }))
  return attachments.flatMap(({ blocks }) =>
    blocks.flatMap(block => (block.type === 'actions' ? (block.elements as unknown as Button[]) : []))
  )
}

const named = (buttons: readonly Button[], id: string) => buttons.find(({ action_id }) => action_id === id)

test('a click is answered in the language of its message', async ({ onTestFinished }) => {
  const slack = await startReceiver(onTestFinished)
  const inbound = await startInbound(onTestFinished, { slackOrigins: new Set([slack.url]) })
  async function click(id: string, from = buttonsIn('fr')): Promise<string> {
    const action = { ...named(from, id), action_id: id, action_ts: `1700000000.${at++}` }
    const payload = {
      type: 'block_actions',
      user: { id: 'U1', username: 'ann' },
      actions: [action],
      response_url: slack.url
    }
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
    await inbound.post(path, body, slackHeaders(body, epoch))
    return JSON.stringify(await slack.next()).replaceAll('\u00a0', ' ')
  }
  let at = 0
  const answers = [
    await click('silence'),
    await click('escalate', [{ ...(named(buttonsIn('fr'), 'silence') as Button), action_id: 'escalate' }]),
    await click('acknowledge')
  ]
  expect(answers[0]).toContain('Mis en silence pour une heure par ann à 10:00 UTC')
  expect(answers[1]).toContain('Échec : aucune route de cet incident n’a de politique d’escalade')
  expect(answers[2]).toContain('Pris en charge par ann à 10:00 UTC')
  await inbound.store.insertIncidents([incidentOf({ id: incidentId, severity: 'critical' })])
  answers.push(await click('acknowledge'))
  expect(answers.at(-1)).toContain('la gravité de l’incident est maintenant critique')
  inbound.store.isDown = true
  answers.push(await click('acknowledge'))
  expect(answers.at(-1)).toContain('Échec : le stockage ne répond pas. Réessayer dans une minute.')
  expect(englishIn(answers.join('\n'))).toEqual([])
})

test('an English button carries no language, as those of earlier versions', () => {
  expect(JSON.parse(named(buttonsIn('en'), 'acknowledge')?.value ?? '')).toEqual({
    incident: incidentId,
    severity: 'high'
  })
})
