const repeated = (text: string, count: number): string => text.repeat(count)
const doubling = (filter: string, count: number): string =>
  `{% assign x = "0123456789" %}${repeated(`{% assign x = x | ${filter} %}`, count)}{{ x }}`

const long = `{% assign a = "${repeated('a', 19_000)}" %}{% assign b = a | append: "b" %}{% assign c = a | append: "b" %}`

/** Templates that would take minutes, gigabytes or the whole stack if nothing held them. */
export const hostileTemplates: Readonly<Record<string, string>> = {
  'nested-loops.liquid':
    '{% for a in (1..5000) %}{% for b in (1..5000) %}{% for c in (1..5000) %}x{% endfor %}{% endfor %}{% endfor %}',
  'empty-loops.liquid':
    '{% for a in (1..20000) %}{% for b in (1..20000) %}{% for c in (1..20000) %}{% endfor %}{% endfor %}{% endfor %}',
  'long-range.liquid': '{% for i in (1..100000000000) %}{{ i }}{% endfor %}',
  'endless-range.liquid': '{% for i in (9007199254740992..9007199254740996) %}{{ i }}{% endfor %}',
  'endless-range-by-filter.liquid':
    '{% assign a = 94906267 | times: 94906267 %}{% assign b = a | plus: 4 %}{% for i in (a..b) %}x{% endfor %}',
  'doubled-text.liquid': doubling('append: x', 40),
  'doubled-list.liquid': `{% assign x = (1..10) %}${repeated('{% assign x = x | concat: x %}', 40)}{{ x | join }}`,
  'doubled-capture.liquid': `{% assign x = "" %}${repeated('{% capture x %}{{ x | raw }}{{ x | raw }}0123456789{% endcapture %}', 40)}`,
  'replaced.liquid': doubling('replace: "", x', 6),
  'encoded.liquid': `{% assign x = "%é" %}${repeated('{% assign x = x | url_encode %}', 1500)}{{ x }}`,
  'wide-date.liquid': '{{ sent_at | date: "%999999999d %888888888N" }}',
  'many-dates.liquid': repeated(`{{ sent_at | date: "${repeated('%c %x %X %Z ', 8)}" }}`, 500),
  'sorted.liquid': repeated('{% assign x = (1..1000) | reverse | sort | uniq | reverse | join %}', 50),
  'selected.liquid': repeated('{% assign x = (1..1000) | where: "size", 1 %}', 50),
  'long-list.liquid': '{{ (1..20000) | where: "size", 1 | size }}',
  'split-and-joined.liquid': `{% assign x = "a" %}${repeated('{% assign x = x | append: x %}', 14)}${repeated('{% assign y = x | split: "" | join: "-" | squish | truncatewords: 9999 %}', 40)}`,
  'blanks.liquid': `{% assign x = " " %}${repeated('{% assign x = x | append: x %}', 14)}{% assign x = x | append: "y" %}${repeated('{{ x | rstrip | squish }}', 60)}`,
  'long-output.liquid': '{% for a in (1..4000) %}{{ details }}{% endfor %}',
  'long-markup.liquid': `{% for a in (1..2000) %}${repeated('<', 2000)}{% endfor %}`,
  'compared.liquid': `{% capture x %}${repeated('0123456789', 3000)}{% endcapture %}{% capture y %}${repeated('0123456789', 3000)}{% endcapture %}{% for a in (1..5000) %}{% if x == y %}{% endif %}{% endfor %}`,
  'many-operators.liquid': `${long}{% for i in (1..140) %}{% if ${repeated('b == c and ', 500)} b == c %}{% endif %}{% endfor %}`,
  'many-searches.liquid': `${long}{% assign p = "b${repeated('a', 900)}" %}{% for i in (1..100) %}{% if ${repeated('a contains p or ', 500)} a == p %}{% endif %}{% endfor %}`,
  'long-list-of-long-texts.liquid': `${long}{% assign x = b | concat: c %}${repeated('{% assign x = x | concat: x %}', 8)}${repeated('{% assign x = x | sort_natural %}', 9)}`,
  'many-filters-of-a-number.liquid': `{% for i in (1..1400) %}{% assign x = 1 ${repeated('| plus: 1', 3_000)} %}{% endfor %}`,
  'many-cases.liquid': `${long}{% for i in (1..1000) %}{% case b %}${repeated('{% when c %}', 300)}{% endcase %}{% endfor %}{% for i in (1..3000) %}{% endfor %}`,
  'recursion.liquid': '{% render "recursion" %}',
  'recursion-by-name.liquid': '{% assign name = "recursion-by-name" %}{% include name %}{% include name %}',
  'recursion-of-layouts.liquid': '{% layout "recursion-of-layouts" %}{% block a %}x{% endblock %}',
  'bushy.liquid': '{% render "part-bushy-1" %}{% render "part-bushy-1" %}',
  ...Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [
      `part-bushy-${at + 1}.liquid`,
      repeated(`{% render "part-bushy-${at + 2}" %}`, 2)
    ])
  ),
  'part-bushy-31.liquid': 'x',
  'deep-tags.liquid': `${repeated('{% if true %}', 2600)}x${repeated('{% endif %}', 2600)}`,
  'many-tags.liquid': repeated('{{ title }}', 5900),
  'many-filters.liquid': `{{ title ${repeated('| upcase ', 5000)}}}`,
  'unclosed.liquid': repeated('{% if x', 8000),
  'many-quotes.liquid': repeated('{{ "', 16_000),
  'commas.json.liquid': repeated(',', 60_000),
  'quotes.json.liquid': repeated('"\\', 30_000),
  'nested.json.liquid': `${repeated('[', 30_000)}${repeated(']', 30_000)}`,
  'marks.liquid': repeated('\ue000\ue001', 30_000)
}

/** Templates whose steps are few and long: the time ends them. */
export const slowTemplates: Readonly<Record<string, string>> = {
  'searches.liquid': `${long}{% assign p = "${repeated('a', 9_000)}b" %}{% for i in (1..1400) %}{% if a contains p %}{% endif %}{% endfor %}`,
  'properties.liquid': `{% for i in (1..1400) %}{% assign x = title${repeated('.size', 2_000)} %}{% endfor %}`,
  'branches.liquid': `{% for i in (1..1400) %}{% if false %}${repeated('{% elsif false %}', 1_500)}{% endif %}{% endfor %}`,
  'arguments.liquid': `{% for i in (1..1400) %}{{ "x" | slice: 0 ${repeated(', 1', 5_000)} }}{% endfor %}`,
  'sum.liquid': `{% assign a = "${repeated('9', 19_000)}" %}{% assign x = a | concat: a %}${repeated('{% assign x = x | concat: x %}', 8)}{{ x | sum }}`
}
