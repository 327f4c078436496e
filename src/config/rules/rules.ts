/** How strictly a configuration is checked: each level has the rules of those before it. */
export const levels = ['basic', 'standard', 'strict', 'paranoid'] as const
export type Level = (typeof levels)[number]

interface Rule {
  /** The first level that says it. */
  readonly from: Level
  /** What it is there, and up to `errorFrom`. */
  readonly as: 'error' | 'warning' | 'recommendation'
  /** The level from which it is an error. */
  readonly errorFrom?: Level
  readonly remedy: string
}

const error = (from: Level, remedy: string): Rule => ({ from, as: 'error', remedy })
const warning = (remedy: string, errorFrom?: Level): Rule => ({
  from: 'standard',
  as: 'warning',
  remedy,
  ...(errorFrom && { errorFrom })
})

/** All rules of `check-config`, by the names that users see. docs/configuration.md lists them. */
export const rules = {
  'unreadable-file': error('basic', 'name a file that is there and may be read'),
  'yaml-syntax': error(
    'basic',
    'correct the line; spaces indent, and texts with special characters need quotes'
  ),
  'unknown-key': error('basic', 'take the key that is proposed, or remove the line'),
  'missing-key': error('basic', 'add the key'),
  'wrong-value': error('basic', 'write what is expected'),
  'inconsistent-settings': error('basic', 'change one of the settings that contradict each other'),
  'unresolved-variable': error(
    'basic',
    'set the variable, correct its file or its encrypted text, or give a default'
  ),
  'wrong-template': error(
    'basic',
    'correct the template at that place; `cartwatch templates render` shows what it gives'
  ),
  'unreadable-secret': error(
    'basic',
    'set the right key, or encrypt the secret again with `cartwatch secrets encrypt`'
  ),
  'connection-failed': error('basic', 'correct the address or the login, or start what is asked'),
  'missing-file': warning('create the file, or name one with --config'),
  'nobody-notified': warning('set SLACK_WEBHOOK_URL or another receiver, and leave alerts on'),
  'unchecked-certificate': warning('set kafka.tls.ca and leave reject_unauthorized on'),
  'login-without-tls': warning('turn on kafka.tls'),
  'smtp-without-tls': warning('set tls to starttls or tls', 'paranoid'),
  'plain-secret': warning('put it into a variable, or encrypt it with `cartwatch secrets encrypt`', 'strict'),
  'plain-http': warning('use https://', 'strict'),
  'ignored-variable': warning('remove the variable, or what keeps it from being used', 'strict'),
  'broken-catalogue': warning('install cartwatch again, or correct the file', 'strict'),
  'no-buttons': {
    from: 'standard',
    as: 'recommendation',
    remedy: 'set alerting.dashboard_url, or CARTWATCH_PUBLIC_URL and CARTWATCH_LINK_SECRET'
  },
  'nobody-signs-in': {
    from: 'standard',
    as: 'recommendation',
    remedy: 'set CARTWATCH_PASSWORD for people, or CARTWATCH_API_TOKEN for programs'
  },
  'placeholder-webhook': error('strict', 'put in the address that the service gave you'),
  'critical-without-pager': error(
    'strict',
    'route severity critical to PagerDuty at every hour, directly or by an escalation'
  ),
  'shared-webhook': error('paranoid', 'give each receiver an address of its own, or keep one of them'),
  'short-secret': error('paranoid', 'use one of at least 16 characters'),
  'open-port': {
    from: 'paranoid',
    as: 'recommendation',
    remedy: 'set http.host to 127.0.0.1, or list in http.allow.operations who may'
  }
} as const satisfies Readonly<Record<string, Rule>>

export type RuleId = keyof typeof rules

export const ruleOf = (id: RuleId): Rule => rules[id]

/** Whether a level has all that `other` has. */
export const includes = (level: Level, other: Level): boolean =>
  levels.indexOf(level) >= levels.indexOf(other)
