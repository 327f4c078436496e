import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']

/** A certificate and its key, each a file in PEM. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

interface CertificateOptions {
  /** From now on; one of a negative number has expired. */
  readonly days?: number
  /** Encrypts the key. */
  readonly passphrase?: string
  /** As OpenSSL writes a subjectAltName. */
  readonly names?: string
}

export interface Authority extends KeyPair {
  issue(name: string, options?: CertificateOptions): Promise<KeyPair>
}

/** A certificate authority in a folder, made by `openssl`. */
export async function createAuthority(folder: string, name: string): Promise<Authority> {
  const ca = pairOf(folder, name)
  const subject = ['-subj', `/CN=${name}`, '-days', '2']
  await run('openssl', ['req', '-x509', ...newKey, '-noenc', '-keyout', ca.key, '-out', ca.cert, ...subject])
  return {
    ...ca,
    async issue(subjectName, { days = 2, passphrase, names = 'IP:127.0.0.1' } = {}) {
      const issued = pairOf(folder, subjectName)
      const request = join(folder, `${subjectName}.csr`)
      const encryption = passphrase === undefined ? ['-noenc'] : ['-passout', `pass:${passphrase}`]
      await run('openssl', [
        ...['req', ...newKey, ...encryption, '-subj', `/CN=${subjectName}`],
        ...['-addext', `subjectAltName=${names}`, '-keyout', issued.key, '-out', request]
      ])
      await run('openssl', [
        ...['x509', '-req', '-in', request, '-CA', ca.cert, '-CAkey', ca.key],
        ...['-copy_extensions', 'copy', '-days', String(days), '-out', issued.cert]
      ])
      return issued
    }
  }
}

/** Key and certificate in one file, as Kafka's keystores of the type PEM want them. */
export async function keyStore({ cert, key }: KeyPair): Promise<string> {
  const path = cert.replace(/\.pem$/, '.keystore.pem')
  await writeFile(path, `${await readFile(key, 'utf8')}${await readFile(cert, 'utf8')}`)
  return path
}

const pairOf = (folder: string, name: string): KeyPair => ({
  cert: join(folder, `${name}.pem`),
  key: join(folder, `${name}.key`)
})
