import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { type ReadFile, reason } from './environment.ts'

/** What is configured of TLS, with the files still named. */
export interface TlsFiles {
  readonly caFile?: string | undefined
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
  readonly passphrase?: string | undefined
}

export interface TlsFileProblem {
  /** Which key of `kafka.tls` names the file. */
  readonly key: 'ca' | 'cert' | 'key'
  readonly message: string
}

/** What is wrong with the files that TLS needs, so that a start is refused and not every connection. */
export function tlsFileProblems(files: TlsFiles, readFile: ReadFile): TlsFileProblem[] {
  const problems: TlsFileProblem[] = []

  function open<Content>(
    key: TlsFileProblem['key'],
    path: string | undefined,
    parse: (pem: string) => Content,
    expected: string
  ): Content | undefined {
    if (path === undefined) return undefined
    let pem: string
    try {
      pem = readFile(path)
    } catch (cause) {
      problems.push({ key, message: `names ${path}, which can't be read (${reason(cause)})` })
      return undefined
    }
    try {
      return parse(pem)
    } catch {
      // What OpenSSL says of it names no remedy, and may quote the file.
      problems.push({ key, message: `names ${path}, which contains no ${expected}` })
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
    (pem): KeyObject => createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) }),
    passphrase === undefined
      ? 'private key in PEM that opens without a passphrase'
      : 'private key in PEM that this passphrase opens'
  )
  if (cert && key && !cert.checkPrivateKey(key)) {
    problems.push({ key: 'key', message: `names ${keyFile}, which is not the key of ${certFile}` })
  }
  return problems
}
