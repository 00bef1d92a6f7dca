import { describe, expect, test } from 'vitest'
import { html, oneLine } from '../../templates/html.ts'

describe('html', () => {
  test('escapes every value, in text and in attributes', () => {
    const hostile = `<script>alert("x")</script> & 'y'`
    expect(html`<p title="${hostile}">${hostile}</p>`.toString()).toBe(
      '<p title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;">' +
        '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;</p>',
    )
  })

  test('keeps the markup that it made itself, alone and in a list', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
    expect(html`<ul>${items}</ul>${html`<br>`}`.toString()).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul><br>')
  })

  test('does not escape twice, nor read back what was escaped', () => {
    expect(html`${'&lt;'}`.toString()).toBe('&amp;lt;')
  })
})

describe('one line', () => {
  test.each([
    ['line breaks become a space', 'Cafe\r\nBcc: x@evil.example', 'Cafe Bcc: x@evil.example'],
    ['every separator counts', 'a\u2028b\u2029c\u0085d\u0000e\tf\vg', 'a b c d e f g'],
    ['direction marks vanish', '\u202egpj.exe\u2066\u200f', 'gpj.exe'],
    ['an emoji stays whole', '👨‍👩‍👧', '👨‍👩‍👧'],
    ['half a character becomes visible', 'a\ud800', 'a\ufffd'],
  ])('%s', (_, given, expected) => {
    expect(oneLine(given, 100)).toBe(expected)
  })

  test('is bounded and says where it was cut', () => {
    expect(oneLine('x'.repeat(10_000), 20)).toBe(`${'x'.repeat(19)}…`)
    expect(oneLine('x'.repeat(20), 20)).toBe('x'.repeat(20))
  })

  test('never cuts a character in half', () => {
    expect(oneLine(`${'x'.repeat(18)}🍕🍕`, 20)).toBe(`${'x'.repeat(18)}…`)
  })
})
