/** What a receiver answered, without the JSON that programs read: `202 Event processed`. */
export function answerText(text: string): string {
  const [, before = '', json = ''] = /^(.*?)(\{.*\})$/.exec(text) ?? []
  try {
    const { message }: { message?: unknown } = JSON.parse(json)
    return typeof message === 'string' ? `${before}${message}` : text
  } catch {
    return text
  }
}
