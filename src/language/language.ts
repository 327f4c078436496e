export const languages = ['en', 'fr'] as const

/** What messages are written in. Rows, logs and commands are English. */
export type Language = (typeof languages)[number]
