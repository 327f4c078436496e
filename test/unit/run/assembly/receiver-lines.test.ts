import { expect, test } from 'vitest'
import { loadConfig } from '../../../../src/config/load.ts'
import { receiverLines } from '../../../../src/run/assembly/receiver-lines.ts'

function linesOf(env: Record<string, string>, source = ''): readonly string[] {
  const loaded = loadConfig({ env, readFile: () => source })
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join())
  return receiverLines(loaded).map(({ message }) => message)
}

test('a start says of each receiver whether it is notified, and which variable is missing', () => {
  const env = {
    SLACK_WEBHOOK_CRITICAL: 'https://hooks.slack.com/services/T0123456/B0123456/abcdefghijklmnop',
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_CHANNEL: '#shop',
    PAGERDUTY_INTEGRATION_KEY: '0123456789abcdef0123456789abcdef',
    SMTP_HOST: 'mail.example',
    HEARTBEAT_URL: 'https://beat.example/short'
  }
  expect(linesOf(env)).toEqual([
    'Slack notifications enabled: slack-critical (***ijklmnop)',
    'Slack notifications enabled: slack-bot (bot in #shop)',
    'PagerDuty notifications enabled: pagerduty (***)',
    'Heartbeat enabled: heartbeat (***, every 60 s)',
    'Slack notifications disabled: slack (SLACK_WEBHOOK_URL is not set)',
    'Slack notifications disabled: slack-revenue (SLACK_WEBHOOK_REVENUE is not set)',
    'Slack notifications disabled: slack-technical (SLACK_WEBHOOK_TECHNICAL is not set)',
    'Slack notifications disabled: slack-insights (SLACK_WEBHOOK_INSIGHTS is not set)',
    'Teams notifications disabled: teams (TEAMS_WEBHOOK_URL is not set)',
    'E-mail notifications disabled: email (ALERT_EMAIL_FROM and ALERT_EMAIL_TO are not set)',
    'Webhook notifications disabled: webhook (ALERT_WEBHOOK_URL is not set)'
  ])
})

test('receivers of the file are all that there is, with their groups', () => {
  const source = `
receivers:
  ann: { type: webhook, url: "https://hook.example/ann" }
  bob: { type: email, host: mail.example, from: c@shop.example, to: [a@shop.example, b@shop.example] }
  team: { type: group, members: [ann, bob] }
routes: [{ default: team }]`
  expect(linesOf({}, source)).toEqual([
    'Webhook notifications enabled: ann (***)',
    'E-mail notifications enabled: bob (a@shop.example, b@shop.example)',
    'Group of receivers: team (round_robin of ann, bob)'
  ])
  expect(linesOf({}, `${source}\nalerts: off`).slice(0, 2)).toEqual([
    'Webhook notifications disabled: ann (alerts: off)',
    'E-mail notifications disabled: bob (alerts: off)'
  ])
})
