import { expect, test } from 'vitest'
import { isLocked, startFailure } from '../../../../src/store/embedded/start-failure.ts'

const exception = (code: number, text: string) => `Code: ${code}. DB::Exception: ${text}\n`
const connection = { error: 'ENGINE', message: "Failed to create connection for path '/s/engine'" }
const locked = exception(
  76,
  'Cannot lock file /s/engine/status. Another server instance is running. (CANNOT_OPEN_FILE)'
)

test.each([
  [
    'another process holds it',
    connection,
    locked,
    'FOLDER_LOCKED',
    true,
    'Cannot lock file /s/engine/status. Another server instance is running. (CANNOT_OPEN_FILE). Another process uses it: stop that one, or set store.folder to another folder.'
  ],
  [
    'the engine has a reason of its own',
    connection,
    `noise\n${exception(36, 'Cannot load time zone Nowhere/City. (BAD_ARGUMENTS) (version 26.7.3.1)')}`,
    'FOLDER_LOCKED',
    false,
    'Cannot load time zone Nowhere/City. (BAD_ARGUMENTS)'
  ],
  [
    'the disk is full for us',
    { error: 'FAILED', message: 'ENOSPC: no space left on device, write' },
    '',
    'FOLDER_LOCKED',
    false,
    'ENOSPC: no space left on device, write. There is no space left on its disk: free some, then start again.'
  ],
  [
    'the disk is full for the engine',
    connection,
    exception(243, 'Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)'),
    'FOLDER_LOCKED',
    false,
    'Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE). There is no space left on its disk: free some, then start again.'
  ],
  [
    'we may not write there',
    { error: 'FOLDER_UNUSABLE', message: "EACCES: permission denied, mkdir '/s'" },
    '',
    'FOLDER_LOCKED',
    false,
    "EACCES: permission denied, mkdir '/s'. Allow this user to write there, or set store.folder."
  ],
  [
    'it is damaged',
    connection,
    exception(62, 'Syntax error: Cannot parse definition from metadata file windows.sql. (SYNTAX_ERROR)'),
    'FOLDER_LOCKED',
    false,
    'Syntax error: Cannot parse definition from metadata file windows.sql. (SYNTAX_ERROR). It is damaged: restore it from a copy, or move it away and read the past again with cartwatch backfill.'
  ],
  ['nothing is known', undefined, '', 'UNREACHABLE', false, 'it wrote no reason']
])('where %s, the error says so with what to do', (_, said, errors, code, retryable, reason) => {
  const failure = startFailure('/s', { said, errors })
  expect(failure).toMatchObject({ code, retryable })
  expect(failure.message).toBe(`The store folder /s cannot be used: ${reason}`)
})

test('only a folder that another process holds is waited for', () => {
  expect(isLocked({ said: connection, errors: locked })).toBe(true)
  expect(
    isLocked({ said: connection, errors: exception(36, 'Cannot load time zone X. (BAD_ARGUMENTS)') })
  ).toBe(false)
})

test('an engine that is not installed says what to install', () => {
  const failure = startFailure('/s', { said: { error: 'EMBEDDED_MISSING', message: 'no chdb' }, errors: '' })
  expect(failure).toMatchObject({ code: 'EMBEDDED_MISSING', retryable: false })
})
