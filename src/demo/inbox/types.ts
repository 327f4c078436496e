export type InboxType = 'slack' | 'slack_bot' | 'pagerduty' | 'teams' | 'webhook'
