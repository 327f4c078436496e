import { createPrivateKey, X509Certificate } from 'node:crypto'
import { type ReadFile, reason } from './environment.ts'
import type { CrossIssue } from './errors.ts'

/** What is configured of TLS, with the files still named. */
export interface TlsFiles {
  readonly caFile?: string | undefined
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
  readonly passphrase?: string | undefined
}

type Key = 'ca' | 'cert' | 'key'

/** What is wrong with the files that TLS needs, so that a start is refused and not every connection. */
export function tlsFileProblems(files: TlsFiles, readFile: ReadFile): CrossIssue[] {
  const problems: CrossIssue[] = []
  const refuse = (key: Key, message: string) =>
    problems.push({ path: ['kafka', 'tls', key], message, rule: 'unreadable-file' })

  function open<Content>(
    key: Key,
    path: string | undefined,
    parse: (pem: string) => Content,
    expected: string
  ): Content | undefined {
    if (path === undefined) return undefined
    let pem: string
    try {
      pem = readFile(path)
    } catch (cause) {
      refuse(key, `names ${path}, which can't be read (${reason(cause)})`)
      return undefined
    }
    try {
      return parse(pem)
    } catch {
      // What OpenSSL says of it names no remedy, and may quote the file.
      refuse(key, `names ${path}, which contains no ${expected}`)
      return undefined
    }
  }

  const { caFile, certFile, keyFile, passphrase } = files
  const certificate = (pem: string) => new X509Certificate(pem)
  open('ca', caFile, certificate, 'certificate in PEM')
  const cert = open('cert', certFile, certificate, 'certificate in PEM')
  const key = open(
    'key',
    keyFile,
    pem => createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) }),
    passphrase === undefined
      ? 'private key in PEM that opens without a passphrase'
      : 'private key in PEM that this passphrase opens'
  )
  if (cert && key && !cert.checkPrivateKey(key)) {
    refuse('key', `names ${keyFile}, which is not the key of ${certFile}`)
  }
  return problems
}
