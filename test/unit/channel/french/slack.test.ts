import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Severity } from '../../../../detectors/types.ts'
import { worstExamples } from '../../../../src/channel/check/examples.ts'
import type { SlackBlock } from '../../../../src/channel/slack/message.ts'
import type { NotificationRecord } from '../../../../src/incident/types.ts'
import { phrase } from '../../../../src/language/phrase.ts'
import { spoken } from '../../../../src/language/translator.ts'
import {
  anomalyAt,
  epoch,
  escalationOf,
  minuteMs,
  recordOf,
  renderOptionsOf
} from '../../../support/alerts.ts'
import { factsOf, openTestChannels, type TestChannels } from '../../../support/channels.ts'
import { anomalySent, driftAlert } from '../../../support/drift-alert.ts'

let channels: TestChannels
beforeAll(async () => {
  channels = await openTestChannels(
    20_000,
    renderOptionsOf({
      language: 'fr',
      interactive: true,
      dashboardTemplate: 'https://grafana.example/{kind}',
      incidentUrl: () => 'https://cartwatch.example/a/1'
    })
  )
})
afterAll(async () => {
  await channels.close()
  await channels.inbox.close()
})

interface Body {
  readonly blocks: readonly SlackBlock[]
  readonly attachments: readonly { readonly blocks: readonly SlackBlock[] }[]
}

/** What the local Slack accepted, with plain blanks: French has no-break ones. */
async function sentOf(record: Partial<NotificationRecord>) {
  expect(await channels.sendTo('slack', recordOf(record))).toMatchObject({ kind: 'sent' })
  const body = channels.lastBody() as unknown as Body
  const blocks = [...body.blocks, ...body.attachments.flatMap(attachment => attachment.blocks)]
  const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')
  return {
    header: blocks.flatMap(block => (block.type === 'header' ? [plain(block.text.text)] : [])),
    sections: blocks.flatMap(block =>
      block.type === 'section' && block.text ? [plain(block.text.text)] : []
    ),
    fields: blocks.flatMap(block =>
      block.type === 'section' && block.fields
        ? block.fields.map(({ text }) => plain(text).replace('*', '').replace('*\n', ': '))
        : []
    ),
    buttons: blocks.flatMap(block =>
      block.type === 'actions'
        ? block.elements.flatMap(one => (one.type === 'button' ? [plain(one.text.text)] : []))
        : []
    )
  }
}

function alertOf(sent: object, more: Parameters<typeof factsOf>[0] = {}): Partial<NotificationRecord> {
  const anomaly = anomalySent(sent)
  const { kind, segment, severity } = anomaly
  return {
    ...{ kind, segment, severity, anomalies: [anomaly] },
    incident: factsOf({ status: 'open', severity, ...more })
  }
}

describe('in Slack, alerts of services', () => {
  test('a drift alert has its fields in French', async () => {
    const drift = { ...driftAlert, severity: 'critical', details: { feature: 'price', rows: 1200 } }
    expect(await sentOf(alertOf(drift))).toEqual({
      header: ['🔔 Alerte de dérive - CRITIQUE'],
      fields: [
        'Modèle: Ranker',
        'ID du modèle: ranker-7',
        'Métrique: psi',
        'Gravité: CRITIQUE',
        'Valeur actuelle: 0,31',
        'Référence: 0,1',
        'Seuil: 0,2',
        'Dérive: 210 %',
        'Heure: 21 nov. 2026, 09:59 UTC'
      ],
      sections: [
        'psi de Ranker vaut 0,31, pour une référence de 0,1 : dérive de 210 %, seuil 0,2.',
        'Détails\nfeature : price\nrows : 1200',
        'À vérifier d’abord\nVoir ce qui a changé dans les données que reçoit ce modèle, et la date de son dernier entraînement.'
      ],
      buttons: ['Accuser réception', 'Mettre en silence 1 h', 'Voir le tableau de bord']
    })
    const headerOf = async (severity: string) => (await sentOf(alertOf({ ...drift, severity }))).header
    expect(await headerOf('warning')).toEqual(['🔔 Alerte de dérive - AVERTISSEMENT'])
    expect(await headerOf('info')).toEqual(['🔔 Alerte de dérive - INFO'])
  })

  test('a FAVES violation has its fields in French', async () => {
    const violation = {
      kind: 'faves',
      model_id: 'credit-2',
      model_name: 'Credit',
      violation_type: 'fairness',
      description: 'Approval differs by 18 points.',
      affected_groups: ['under 25', 'over 60'],
      severity: 'warning'
    }
    expect(await sentOf(alertOf(violation, { escalation: escalationOf() }))).toEqual({
      header: ['🔔 Violation FAVES - AVERTISSEMENT'],
      fields: [
        'Modèle: Credit',
        'ID du modèle: credit-2',
        'Type de violation: fairness',
        'Gravité: AVERTISSEMENT',
        'Heure: 21 nov. 2026, 09:59 UTC'
      ],
      sections: [
        // What a service writes itself stays as it is.
        'Approval differs by 18 points.',
        'Groupes touchés\nunder 25, over 60',
        'À vérifier d’abord\nLire le journal d’audit de ce modèle. Suspendre ses décisions pour les groupes cités ici jusqu’à examen.'
      ],
      buttons: ['Accuser réception', 'Mettre en silence 1 h', 'Escalader', 'Consulter le journal d’audit']
    })
  })

  test('a safety event and an alert of any service have theirs', async () => {
    const event = {
      kind: 'safety_event',
      event_type: 'jailbreak',
      model_id: 'chat-1',
      description: 'A prompt got around the filter.',
      metadata: { blocked: false },
      severity: 'critical'
    }
    expect(await sentOf(alertOf(event))).toEqual({
      header: ['🔔 Événement de sécurité - CRITIQUE'],
      fields: [
        'Type d’événement: jailbreak',
        'ID du modèle: chat-1',
        'Gravité: CRITIQUE',
        'Heure: 21 nov. 2026, 09:59 UTC'
      ],
      sections: [
        'A prompt got around the filter.',
        'Métadonnées\nblocked : false',
        'À vérifier d’abord\nLire les journaux de ce modèle autour de ce moment.'
      ],
      buttons: ['Accuser réception', 'Mettre en silence 1 h', 'Agir immédiatement', 'Voir les journaux']
    })
    const alert = {
      kind: 'alert',
      summary: 'Disk is full',
      service: 'db',
      component: 'disk',
      environment: 'prod',
      instance: 'db-1',
      duration: '5m',
      severity: 'high',
      metrics: { used: 0.99 }
    }
    expect(await sentOf(alertOf(alert))).toMatchObject({
      header: ['🔔 ÉLEVÉE : Disk is full'],
      fields: [
        'Service: db',
        'Composant: disk',
        'Environnement: prod',
        'Instance: db-1',
        'Durée: 5m',
        'Gravité: ÉLEVÉE',
        'Heure: 21 nov. 2026, 09:59 UTC'
      ]
    })
  })
})

const sentence = spoken([
  phrase('finding.revenue_drop.dropped', {
    drop: { unit: 'share', value: 0.87 },
    expected: { unit: 'money', value: 1_850, currency: 'USD' },
    observed: { unit: 'money', value: 245, currency: 'USD' },
    span: { unit: 'span', value: 5 * minuteMs }
  }),
  phrase('finding.revenue_drop.payment')
])
const found = (minute: number, severity: Severity = 'high') =>
  anomalyAt(minute, {
    ...sentence,
    severity,
    evidence: { z_score: -6.25 },
    explainedBy: [{ segment: 'payment_method=paypal', share: 0.97, value: 12, expected: 430 }]
  })

const open = (more: Parameters<typeof factsOf>[0] = {}) =>
  factsOf({
    status: 'open',
    openedAt: epoch + minuteMs,
    lastAnomalyAt: epoch + 66 * minuteMs,
    conditionFrom: epoch,
    anomalies: 12,
    loss: 16_050,
    lastAnomaly: found(66),
    peak: { value: 20, expected: 1_850, severity: 'high', windowEnd: epoch + 30 * minuteMs },
    ...more
  })

describe('in Slack, an incident', () => {
  test('says what was found, its figures, where and what to check, in French', async () => {
    const cause = {
      id: 'payment_or_checkout',
      title: 'Payment or checkout fails',
      text: 'Visitors come, and far fewer of them buy: payment or checkout. Traffic is as usual.'
    }
    expect(
      await sentOf({ severity: 'critical', anomalies: [found(66, 'critical')], incident: open({ cause }) })
    ).toEqual({
      header: ['💰 CRITIQUE : Le paiement ou la commande échoue'],
      sections: [
        'Les visiteurs viennent, et bien moins achètent : le paiement ou la commande. Le trafic est normal.\nLe chiffre d’affaires est inférieur de 87 % à sa référence (1 850 $ → 245 $ en 5 minutes). Panne possible du système de paiement.',
        'Où\npayment_method=paypal · 97 % de l’écart · 12,00 $ au lieu de 430,00 $',
        'À vérifier d’abord\nPayer avec ce moyen. Voir ensuite la page d’état de son prestataire et ses erreurs en caisse.'
      ],
      fields: [
        'Gravité: 🔴 critique : intervenir immédiatement',
        'Depuis: 21 nov. 2026, 10:00 UTC (1 h 6 min)',
        'Heure: 21 nov. 2026, 11:05 – 11:06 UTC',
        'Valeur actuelle: 245,00 $ (chiffre d’affaires)',
        'Valeur attendue: ~1 850,00 $ (score z -6,25)',
        'Perte jusqu’ici: 16 050,00 $',
        'Fenêtres: 12',
        'Pire valeur: 20,00 $ au lieu de 1 850,00 $, le 21 nov. 2026, 10:30 UTC'
      ],
      buttons: ['Accuser réception', 'Mettre en silence 1 h', 'Voir le tableau de bord']
    })
  })

  test('says when it is over, acknowledged, still open or escalated', async () => {
    const resolved = await sentOf({
      action: 'resolve',
      reason: { type: 'recovered' },
      anomalies: [found(66)],
      incident: open({
        status: 'resolved',
        resolvedAt: epoch + 70 * minuteMs,
        conditionTo: epoch + 66 * minuteMs
      })
    })
    expect(resolved.header).toEqual(['✅ Résolu : Chute du chiffre d’affaires'])
    expect(resolved.fields.slice(0, 3)).toEqual([
      'Gravité: élevée',
      'A duré: 21 nov. 2026, 10:00 – 11:06 UTC (1 h 6 min)',
      'Dernier constat: 21 nov. 2026, 11:05 – 11:06 UTC'
    ])
    const acknowledged = { by: 'Ann', via: 'slack', at: epoch, severity: 'high' } as const
    expect(
      await sentOf({
        action: 'acknowledge',
        reason: { type: 'acknowledged' },
        anomalies: [found(66)],
        incident: open({ acknowledged })
      })
    ).toMatchObject({
      header: ['👀 Pris en charge : Chute du chiffre d’affaires'],
      sections: expect.arrayContaining(['Pris en charge par Ann dans Slack : plus de rappels.']),
      fields: expect.arrayContaining(['Pris en charge par: Ann dans Slack'])
    })
    const later = { decidedAt: epoch + 240 * minuteMs, anomalies: [found(66)], incident: open() }
    expect((await sentOf({ ...later, reason: { type: 'reminder' } })).sections).toContain(
      'Rappel : toujours ouvert après 4 h, et personne ne l’a pris en charge.'
    )
    expect(
      (
        await sentOf({
          ...later,
          reason: { type: 'escalated', level: 2 },
          incident: open({ escalation: escalationOf() }),
          escalated: { level: 2, levels: 3, by: 'Ann', mention: [] }
        })
      ).sections
    ).toContain('Escaladé au niveau 2 sur 3 par Ann.')
  })

  test('is one of several in a summary', async () => {
    expect(
      await sentOf({
        action: 'summary',
        reason: { type: 'catch_up' },
        anomalies: [
          { ...found(5), evidence: { incident_opened_at: epoch, incident_status: 'open' } },
          { ...found(9), kind: 'traffic_drop' as const, segment: 'country=DE' as const }
        ]
      })
    ).toMatchObject({
      header: ['🗂️ Rattrapage : 2 incidents découverts après coup'],
      sections: [
        '• élevée · Chute du chiffre d’affaires · 21 nov. 2026, 10:00 – 10:05 UTC (toujours en cours) : ' +
          'Le chiffre d’affaires est inférieur de 87 % à sa référence (1 850 $ → 245 $ en 5 minutes). Panne possible du système de paiement.\n' +
          '• élevée · Chute du trafic · country=DE · 21 nov. 2026, 10:08 – 10:09 UTC : ' +
          'Le chiffre d’affaires est inférieur de 87 % à sa référence (1 850 $ → 245 $ en 5 minutes). Panne possible du système de paiement.'
      ]
    })
  })
})

test.each(['slack', 'bot', 'pagerduty', 'teams', 'webhook'])(
  'a receiver like the real one takes the worst French messages: %s',
  async name => {
    const channel = channels.byName.get(name)
    for (const notification of worstExamples('revenue_drop'))
      expect(await channel?.send(notification, null)).toMatchObject({ kind: 'sent' })
    expect(JSON.stringify(channels.inbox.messages)).not.toContain('shown plainly')
  }
)
