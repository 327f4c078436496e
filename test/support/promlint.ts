/** The rules of `promtool check metrics`, after client_golang's promlint; what it would say of a page. */
export function promlint(page: string): string[] {
  const help = new Map<string, string>()
  const types = new Map<string, string>()
  const labels = new Map<string, Set<string>>()
  for (const line of page.split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? []
    if (kind === 'HELP') help.set(name, rest)
    if (kind === 'TYPE') types.set(name, rest)
    const [, sample, written = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? []
    if (sample === undefined) continue
    const family = types.has(sample) ? sample : sample.replace(/_(bucket|sum|count)$/, '')
    const names = [...written.matchAll(/(\w+)="/g)].map(match => match[1] ?? '')
    labels.set(family, new Set([...(labels.get(family) ?? []), ...names]))
    if (!types.has(family)) types.set(family, 'untyped')
  }
  return [...types].flatMap(([name, type]) =>
    faults({ name, type, help: help.get(name) ?? '', labels: [...(labels.get(name) ?? [])] }).map(
      fault => `${name}: ${fault}`
    )
  )
}

interface Family {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly labels: readonly string[]
}

const abbreviated = new Set('s ms us ns sec b kb mb gb tb pb m h d'.split(' '))
const notBase =
  /^(?:(?:milli|micro|nano|kilo|mega|giga|tera|peta|kibi|mebi|gibi|tebi|pebi)(?:seconds|bytes|meters|metres|grams|joules|volts|amperes)|minutes|hours|days|weeks|bits|percent|fahrenheit|inches|feet|yards|miles)$/

function faults({ name, type, help, labels }: Family): string[] {
  const parts = name.split('_')
  const isOf = (...some: string[]) => some.includes(type)
  return [
    help === '' && 'no help text',
    type === 'counter' && !name.endsWith('_total') && 'counter metrics should have "_total" suffix',
    type !== 'counter' && name.endsWith('_total') && 'non-counter metrics should not have "_total" suffix',
    !isOf('histogram') &&
      name.endsWith('_bucket') &&
      'non-histogram metrics should not have "_bucket" suffix',
    !isOf('histogram', 'summary') &&
      /_(count|sum)$/.test(name) &&
      'should not have "_count" or "_sum" suffix',
    !isOf('histogram') && labels.includes('le') && 'non-histogram metrics should not have "le" label',
    !isOf('summary') && labels.includes('quantile') && 'non-summary metrics should not have "quantile" label',
    parts.some(part => ['gauge', 'counter', 'histogram', 'summary', 'untyped'].includes(part)) &&
      'metric name should not include type',
    name.includes(':') && 'metric names should not contain ":"',
    [name, ...labels].some(one => /[a-z][A-Z]/.test(one)) && 'should be written in snake_case',
    parts.some(part => abbreviated.has(part)) && 'metric names should not contain abbreviated units',
    parts.some(part => notBase.test(part)) && 'use base units'
  ].filter(fault => fault !== false)
}
