const secretKey =
  /pass(word|wd|phrase)?$|secret|token(?!_url)|credential|authorization|cookie|(routing|integration|api|access|private|signing)_?key/i
const secretUrlKey = /webhook/i
const secretVariable = /WEBHOOK|PASSWORD|PASSPHRASE|SECRET|TOKEN(?!_URL)|CREDENTIAL|_KEYS?$|^HEARTBEAT_URL$/

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

/** An address is known by its last 8 characters where its path is so long that they give nothing away. */
export function maskText(text: string, masking: Masking): string {
  if (masking === 'open') return text
  const url = masking === 'url' ? URL.parse(text) : null
  const isLong = url !== null && url.search === '' && url.hash === '' && url.pathname.length >= leastPath
  return isLong ? `***${text.slice(-8)}` : '***'
}

const leastPath = 24

/** A short secret is part of many words: it is taken out where it stands by itself. */
function without(text: string, secret: string): string {
  if (secret === '') return text
  if (secret.length >= leastAnywhere) return text.replaceAll(secret, '***')
  const escaped = secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'gu'), '***')
}

const leastAnywhere = 4

/** Takes known secrets and the credentials of URLs out of a text that is about to be shown. */
export function scrub(text: string, secrets: Iterable<string>): string {
  let shown = text
  for (const secret of secrets) shown = without(shown, secret)
  return shown
    .replace(/(https?:\/\/)?hooks\.slack\.com\/[^\s"]*?([^\s"]{8})(?=[\s"]|$)/g, '***$2')
    .replace(/(\/\/[^/\s:@]*:)[^@/\s]+@/g, '$1***@')
    .replace(/([?&](?:password|token|key|secret)=)[^&\s"]+/gi, '$1***')
}
