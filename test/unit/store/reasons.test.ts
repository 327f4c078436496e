import { expect, test } from 'vitest'
import { StoreError } from '../../../src/store/errors.ts'
import { answerError, connectionError, exceptionCode } from '../../../src/store/failures.ts'
import { type StoreReason, storeReasonOf } from '../../../src/store/reasons.ts'

const caller = { address: 'http://clickhouse:8123', user: 'watcher' }
const answered = (text: string, status = 500) =>
  answerError({ status, code: exceptionCode(text), text }, caller)

test.each<[StoreReason, unknown]>([
  ['unreachable', connectionError(new Error('connect ECONNREFUSED'), false, 1_000, caller)],
  ['unreachable', answered('Bad Gateway', 502)],
  ['timeout', connectionError(new Error('aborted'), true, 1_000, caller)],
  ['timeout', answered('Code: 159. DB::Exception: Timeout exceeded (TIMEOUT_EXCEEDED)')],
  ['refused', answered('Code: 516. DB::Exception: Authentication failed (AUTHENTICATION_FAILED)', 403)],
  ['refused', answered('Code: 497. DB::Exception: Not enough privileges (ACCESS_DENIED)')],
  ['refused', answered('who are you?', 401)],
  ['read_only', answered('Code: 164. DB::Exception: Cannot execute query in readonly mode (READONLY)')],
  ['read_only', answered('Code: 242. DB::Exception: Table is in readonly mode (TABLE_IS_READ_ONLY)')],
  ['out_of_disk', answered('Code: 243. DB::Exception: Cannot reserve 1.00 MiB (NOT_ENOUGH_SPACE)')],
  ['out_of_disk', answered('Code: 75. DB::Exception: errno: 28, strerror: No space left on device')],
  ['out_of_memory', answered('Code: 241. DB::Exception: Memory limit exceeded (MEMORY_LIMIT_EXCEEDED)')],
  ['overloaded', answered('Code: 252. DB::Exception: Too many parts (TOO_MANY_PARTS)')],
  ['overloaded', answered('Code: 202. DB::Exception: Too many queries (TOO_MANY_SIMULTANEOUS_QUERIES)')],
  ['tables_missing', answered('Code: 60. DB::Exception: Table does not exist (UNKNOWN_TABLE)', 404)],
  ['tables_missing', answered('Code: 81. DB::Exception: Database does not exist (UNKNOWN_DATABASE)', 404)],
  ['newer_schema', new StoreError('NEWER_SCHEMA', 'newer', { retryable: false })],
  ['folder', new StoreError('FOLDER_LOCKED', 'locked', { retryable: true })],
  ['out_of_disk', new StoreError('FOLDER_LOCKED', 'ENOSPC: no space left on device', { retryable: false })],
  ['query', answered('Code: 62. DB::Exception: Syntax error (SYNTAX_ERROR)', 400)],
  ['unknown', new TypeError('a bug')]
])('%s is the reason of %s', (reason, error) => {
  expect(storeReasonOf(error)).toBe(reason)
})
