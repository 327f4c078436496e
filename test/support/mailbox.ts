import { SMTPServer } from 'smtp-server'

/** A mail as it was taken: envelope, headers by lower-case name, and its parts decoded. */
interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
  readonly html: string
  readonly images: readonly { readonly id: string; readonly disposition: string; readonly isPng: boolean }[]
}

/** What the server says instead of yes, and where. */
export interface Refusal {
  readonly at: 'connect' | 'login' | 'recipient' | 'content'
  readonly code: number
  readonly text: string
  /** Of this recipient alone. */
  readonly of?: string
}

export interface Mailbox {
  readonly port: number
  readonly mails: readonly Mail[]
  refuse(...refusals: readonly Refusal[]): void
  /** Answers nothing to what comes as content from now on. */
  hang(): void
  close(): Promise<void>
}

const longestLine = 998

/** An SMTP server on loopback that takes the one user, and no line longer than RFC 5322 allows. */
export async function openMailbox(user = 'cartwatch', password = 'correct'): Promise<Mailbox> {
  const mails: Mail[] = []
  let refusals: readonly Refusal[] = []
  let hangs = false
  const faultAt = (place: Refusal['at'], recipient?: string): Error | null => {
    const refusal = refusals.find(({ at, of = recipient }) => at === place && of === recipient)
    return refusal ? failure(refusal.code, refusal.text) : null
  }

  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    size: 10_000_000,
    onConnect: (_, done) => done(faultAt('connect')),
    onAuth(auth, _, done) {
      const isRight = auth.username === user && auth.password === password
      const fault = faultAt('login') ?? (isRight ? null : failure(535, 'authentication failed'))
      done(fault, fault ? undefined : { user })
    },
    onRcptTo: ({ address }, _, done) => done(faultAt('recipient', address)),
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (hangs) return
        const raw = Buffer.concat(chunks).toString('latin1')
        const isLong = raw.split('\r\n').some(line => line.length > longestLine)
        const fault = faultAt('content') ?? (isLong ? failure(550, 'line too long') : null)
        if (!fault) {
          const { mailFrom, rcptTo } = envelope
          mails.push({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            ...partsOf(raw)
          })
        }
        done(fault)
      })
    }
  })
  server.on('error', () => {
    // A client that gives up resets its connection: that is what some tests are about.
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the mailbox has no port')
  return {
    port: address.port,
    mails,
    refuse(...next) {
      refusals = next
    },
    hang() {
      hangs = true
    },
    close: () => new Promise(resolve => server.close(() => resolve()))
  }
}

const failure = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode })

function partsOf(raw: string): Pick<Mail, 'headers' | 'text' | 'html' | 'images'> {
  const { headers, body } = sectionOf(raw)
  const parts = partsWithin(headers, body)
  const ofType = (type: string): string => {
    const part = parts.find(one => one.headers.get('content-type')?.startsWith(type))
    return part ? decoded(part.body, part.headers.get('content-transfer-encoding') ?? '') : ''
  }
  const images = parts
    .filter(one => one.headers.get('content-type')?.startsWith('image/'))
    .map(one => ({
      id: one.headers.get('content-id') ?? '',
      disposition: one.headers.get('content-disposition')?.split(';')[0] ?? '',
      isPng: Buffer.from(one.body, 'base64').subarray(1, 4).toString('latin1') === 'PNG'
    }))
  return { headers, text: ofType('text/plain'), html: ofType('text/html'), images }
}

type Section = ReturnType<typeof sectionOf>

/** Parts may have parts: HTML and the images within it are one. */
function partsWithin(headers: Section['headers'], body: string): Section[] {
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1]
  if (boundary === undefined) return []
  const parts = body.split(`--${boundary}`).map(sectionOf)
  return parts.flatMap(part => [part, ...partsWithin(part.headers, part.body)])
}

function sectionOf(raw: string): { headers: Map<string, string>; body: string } {
  const [head = '', ...rest] = raw.replace(/^\r\n/, '').split('\r\n\r\n')
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { headers: new Map(headers), body: rest.join('\r\n\r\n') }
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding !== 'quoted-printable') return body
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n')
}
