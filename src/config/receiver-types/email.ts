import camelcaseKeys from 'camelcase-keys'
import { z } from 'zod'
import type { EmailSettings } from '../../routing/receiver.ts'
import { listOf, orNull, refuseKey, trimmedText } from '../schema-parts.ts'
import { commonKeys, picture, sendResolved } from './parts.ts'

const address = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/

const mailboxes = 'addresses such as on-call@shop.example'

const sender = /^(?:[^<>\p{Cc}]*<([^<>\s]+)>|[^<>\s]+)$/u

export const emailSchema = z
  .strictObject({
    type: z.literal('email'),
    host: trimmedText,
    port: z.int().min(1).max(65_535).default(587),
    /** The default is `tls` (from the first byte) for port 465, else `starttls`. */
    tls: z.enum(['starttls', 'tls', 'none']).optional(),
    user: orNull(trimmedText),
    password: orNull(z.string().min(1)),
    from: z.string().refine(from => address.test(sender.exec(from)?.[1] ?? from), {
      error: 'an address such as cartwatch@shop.example, or Cartwatch <cartwatch@shop.example>'
    }),
    to: listOf(z.string().regex(address, mailboxes), mailboxes),
    send_resolved: sendResolved.default(false),
    picture,
    ...commonKeys
  })
  .superRefine(({ user, password }, context) => {
    if ((user === null) === (password === null)) return
    const missing = user === null ? 'user' : 'password'
    refuseKey(context, missing, 'is missing; a login needs user and password')
  })
  .transform(
    ({ tls, ...rest }): EmailSettings => ({
      ...camelcaseKeys(rest),
      tls: tls ?? (rest.port === 465 ? 'tls' : 'starttls')
    })
  )
