import { expect, test } from 'vitest'
import { watchExceptions } from '../../../src/store/late-exceptions.ts'

function watchAll(tag: string | undefined, chunks: readonly string[]) {
  const watch = watchExceptions(tag)
  const passed = chunks.map(chunk => watch.take(Buffer.from(chunk)).toString())
  const { rest, exception } = watch.end()
  return { body: passed.join('') + rest.toString(), exception }
}

test('a body without an exception passes whole, however it is cut', () => {
  const body = 'Code: 1. DB::Exception: quoted (X_Y)\nbut not at the end\n'.repeat(2_000)
  const chunks = body.match(/[\s\S]{1,777}/g) ?? []
  for (const tag of [undefined, 'TAGTAGTAGTAGTAGT'])
    expect(watchAll(tag, chunks)).toEqual({ body, exception: undefined })
})

test('a tagged exception is found where it is cut in two', () => {
  const text = 'Code: 395. DB::Exception: boom (X_Y)'
  const end = `\r\n__exception__\r\nTAG\r\n${text}\n37 TAG\r\n__exception__\r\n`
  for (let cut = 0; cut <= end.length; cut += 1)
    expect(watchAll('TAG', [`1\n${end.slice(0, cut)}`, end.slice(cut)])).toEqual({
      body: '1\n',
      exception: text
    })
})

test('with a tag, a row that reads like an exception is a row', () => {
  const body = 'Code: 395. DB::Exception: boom (X_Y)\n'
  expect(watchAll('TAG', [body])).toEqual({ body, exception: undefined })
})
