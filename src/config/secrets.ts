const secretKey =
  /pass(word|wd|phrase)?$|secret|token(?!_url)|credential|authorization|cookie|(routing|integration|api|access|private|signing)_?key/i
const secretUrlKey = /webhook/i
const secretVariable = /WEBHOOK|PASSWORD|PASSPHRASE|SECRET|TOKEN(?!_URL)|CREDENTIAL|_KEY$|^HEARTBEAT_URL$/

/** How a value at a path of the configuration is shown: as it is, as the end of its URL, or not at all. */
export type Masking = 'open' | 'url' | 'whole'

export function maskingOf(path: readonly PropertyKey[]): Masking {
  const keys = path.filter(step => typeof step === 'string')
  const last = keys.at(-1) ?? ''
  if (keys.includes('headers') || keys.some(key => secretKey.test(key))) return 'whole'
  if (secretUrlKey.test(last) || (keys[0] === 'receivers' && last === 'url')) return 'url'
  return 'open'
}

export function isSecretVariable(name: string): boolean {
  return secretVariable.test(name)
}

/** A webhook's URL is known by its last 8 characters; a text too short to hide behind them is masked wholly. */
export function maskText(text: string, masking: Masking): string {
  if (masking === 'open') return text
  return masking === 'url' && text.length >= 24 ? `***${text.slice(-8)}` : '***'
}

/** Takes known secrets and the credentials of URLs out of a text that is about to be shown. */
export function scrub(text: string, secrets: Iterable<string>): string {
  let shown = text
  for (const secret of secrets) if (secret.length >= 4) shown = shown.replaceAll(secret, '***')
  return shown
    .replace(/(https?:\/\/)?hooks\.slack\.com\/[^\s"]*?([^\s"]{8})(?=[\s"]|$)/g, '***$2')
    .replace(/(\/\/[^/\s:@]*:)[^@/\s]+@/g, '$1***@')
    .replace(/([?&](?:password|token|key|secret)=)[^&\s"]+/gi, '$1***')
}
