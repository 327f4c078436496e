import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCloud, readNab } from '../../../../bench/detect/series/labelled.ts'

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'labelled-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

describe('labelled series', () => {
  test('of cloud monitoring have a label in each row', () => {
    const folder = folderOf({
      'a/purchases.csv':
        'TimeStamp,Value,Label\n"2018-03-15T00:00:00Z",3,0\n"2018-03-15T01:00:00Z",8,1\n"2018-03-15T02:00:00Z",9,1\n2018-03-15 03:00:00,,0\n2018-03-15 04:00:00,2,1\n'
    })
    const start = Date.UTC(2018, 2, 15)
    expect(readCloud(folder)).toEqual([
      {
        name: join('a', 'purchases.csv'),
        stepMs: 3_600_000,
        times: [0, 1, 2, 4].map(hours => start + hours * 3_600_000),
        values: [3, 8, 9, 2],
        anomalies: [[1, 3]]
      }
    ])
  })

  test('of the anomaly benchmark have their spans in a file beside them', () => {
    const folder = folderOf({
      'real/cpu.csv':
        'timestamp,value\n2014-04-01 00:00:00,1.5\n2014-04-01 00:05:00,2.5\n2014-04-01 00:10:00,3.5\n',
      'combined_windows.json':
        '{"real/cpu.csv": [["2014-04-01 00:05:00.000000", "2014-04-01 00:10:00.000000"]]}'
    })
    expect(readNab(folder)).toEqual([
      expect.objectContaining({ name: 'real/cpu.csv', stepMs: 300_000, anomalies: [[1, 2]] })
    ])
  })

  test.each([
    ['a head', { 'x.csv': 'time,v\n1,2\n' }, 'x.csv:1: is time,v; expected TimeStamp,Value,Label'],
    [
      'a number',
      { 'x.csv': 'TimeStamp,Value,Label\n2018-03-15,many,0\n' },
      'x.csv:2: is 2018-03-15,many; expected a time and a number'
    ],
    ['any file', { 'x.txt': '' }, ': no CSV file in it']
  ])('without %s are refused', (_, files, message) => {
    expect(() => readCloud(folderOf(files))).toThrow(message)
  })

  test('whose spans are not there are refused', () => {
    const csv = 'timestamp,value\n2014-04-01 00:00:00,1.5\n2014-04-01 00:05:00,2.5\n'
    const spans = (text: string) => folderOf({ 'real/cpu.csv': csv, 'combined_windows.json': text })
    expect(() => readNab(spans('{}'))).toThrow('combined_windows.json: has no entry for real/cpu.csv')
    expect(() =>
      readNab(spans('{"real/cpu.csv": [["2014-04-01 00:00:00", "2014-04-02 00:00:00"]]}'))
    ).toThrow('2014-04-01 00:00:00 or 2014-04-02 00:00:00 is no time of real/cpu.csv')
  })
})
