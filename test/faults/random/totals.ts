/** What a run of random faults came to so far; chapters add up. */
export interface Totals {
  readonly rounds: number
  readonly events: number
  readonly windows: number
  /** How often each fault was done, by its name. */
  readonly faults: Readonly<Record<string, number>>
  /** Messages that receivers accepted, those about the pipeline left out. */
  readonly notifications: number
  readonly valuesWrong: number
  readonly deadLettersLost: number
  readonly anomaliesWrong: number
  readonly notificationsLost: number
  /** Messages that a run without faults would not have sent. */
  readonly notificationsUnexpected: number
  readonly keysOpenedTwice: number
  /** Second copies where the process died, or lost the work, between the send and its record. */
  readonly doubled: number
  /** Second copies of what was recorded as sent before. */
  readonly doubledForNoReason: number
}

export const noTotals: Totals = {
  rounds: 0,
  events: 0,
  windows: 0,
  faults: {},
  notifications: 0,
  valuesWrong: 0,
  deadLettersLost: 0,
  anomaliesWrong: 0,
  notificationsLost: 0,
  notificationsUnexpected: 0,
  keysOpenedTwice: 0,
  doubled: 0,
  doubledForNoReason: 0
}

export function add(a: Totals, b: Totals): Totals {
  const faults = { ...a.faults }
  for (const [name, times] of Object.entries(b.faults)) faults[name] = (faults[name] ?? 0) + times
  return {
    rounds: a.rounds + b.rounds,
    events: a.events + b.events,
    windows: a.windows + b.windows,
    faults,
    notifications: a.notifications + b.notifications,
    valuesWrong: a.valuesWrong + b.valuesWrong,
    deadLettersLost: a.deadLettersLost + b.deadLettersLost,
    anomaliesWrong: a.anomaliesWrong + b.anomaliesWrong,
    notificationsLost: a.notificationsLost + b.notificationsLost,
    notificationsUnexpected: a.notificationsUnexpected + b.notificationsUnexpected,
    keysOpenedTwice: a.keysOpenedTwice + b.keysOpenedTwice,
    doubled: a.doubled + b.doubled,
    doubledForNoReason: a.doubledForNoReason + b.doubledForNoReason
  }
}

/** Whether nothing was wrong: what may happen and is only counted does not matter. */
export const isRight = (totals: Totals): boolean =>
  [
    totals.valuesWrong,
    totals.deadLettersLost,
    totals.anomaliesWrong,
    totals.notificationsLost,
    totals.notificationsUnexpected,
    totals.keysOpenedTwice,
    totals.doubledForNoReason
  ].every(wrong => wrong === 0)

export function lastLine(totals: Totals): string {
  const kinds = Object.entries(totals.faults)
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name} ${times}`)
  const figures = [
    `${totals.rounds} rounds`,
    `${totals.events} events produced`,
    `${totals.windows} windows compared`,
    `faults: ${kinds.join(', ')}`,
    `values wrong ${totals.valuesWrong}`,
    `dead letters lost ${totals.deadLettersLost}`,
    `anomalies wrong ${totals.anomaliesWrong}`,
    `notifications sent ${totals.notifications}`,
    `lost ${totals.notificationsLost}`,
    `unexpected ${totals.notificationsUnexpected}`,
    `PagerDuty keys opened twice ${totals.keysOpenedTwice}`,
    `Slack messages doubled ${totals.doubled} (died before the record), ${totals.doubledForNoReason} for no reason`
  ]
  return figures.join('; ')
}
