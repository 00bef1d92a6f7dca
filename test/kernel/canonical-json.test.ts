import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/kernel/canonical-json.ts'

test('keys are sorted, white space is gone, escapes are the shortest', () => {
  const text = '{ "b": [ 1, {"z": null, "a": true} ], "a": "\\u00e4\\u000a\\/", "B": "\\u20ac" }'
  expect(canonicalJson(text)).toBe('{"B":"€","a":"ä\\n/","b":[1,{"a":true,"z":null}]}')
})

test('keys are sorted by UTF-16 code units, as RFC 8785 has it', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6']
  const text = `{${keys.map((key) => `${JSON.stringify(key)}:0`).join()}}`
  const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']
  expect(Object.keys(JSON.parse(canonicalJson(text)))).toEqual(['1', ...sorted.filter((key) => key !== '1')])
  expect(canonicalJson(text)).toBe(`{${sorted.map((key) => `${JSON.stringify(key)}:0`).join()}}`)
})

test('numbers stay as they are written: another writing is another text', () => {
  for (const number of [
    '1',
    '1.0',
    '10',
    '0.1000000000000000055511151231257827',
    '9007199254740993',
    '-0.5',
  ]) {
    expect(canonicalJson(`{"n": ${number}}`)).toBe(`{"n":${number}}`)
  }
})

test('keys that mean something to objects are keys like others', () => {
  const text = '{"toJSON":1,"__proto__":{"b":2,"a":1},"constructor":null}'
  expect(canonicalJson(text)).toBe('{"__proto__":{"a":1,"b":2},"constructor":null,"toJSON":1}')
})

test('any value keeps its meaning, and has one text however its keys are ordered', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, reversed(inner)]),
    )
  }
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value)
      const canonical = canonicalJson(text)
      expect(JSON.parse(canonical)).toEqual(JSON.parse(text))
      expect(canonicalJson(JSON.stringify(reversed(JSON.parse(text)), null, 2))).toBe(canonical)
    }),
  )
})
