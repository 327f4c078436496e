/** What Slack takes, in characters where nothing else is said. */
export const slackLimits = {
  text: 4_000,
  /** Of all texts of a message together: Slack refuses some 11,000. */
  whole: 9_000,
  /** Blocks of a message. */
  blocks: 50,
  header: 150,
  section: 3_000,
  /** Fields of a section, and a field. */
  fields: 10,
  field: 2_000,
  /** Buttons of a block, and a button's label, value and URL. */
  buttons: 25,
  /** Options of a menu, and the value of one. */
  options: 5,
  option: 150,
  label: 75,
  value: 2_000,
  url: 3_000,
  /** Slack cuts longer ones without a word. */
  username: 80
} as const
