import { describe, expect, test } from 'vitest'
import { printable } from '../../../templates/pdf/fonts.ts'

describe('printable text', () => {
  test.each([
    ['letters of European languages stay', 'Łódź Straße Ελλάδα България Ŝ', 'Łódź Straße Ελλάδα България Ŝ'],
    ['a letter in two parts becomes one', 'Cafe\u0301', 'Café'],
    ['marks the font lacks are dropped, the letter stays', 'Nguyễn', 'Nguyên'],
    ['a pile of marks falls away', `e${'\u0336\u0353'.repeat(50)}`, 'e'],
    ['each character of another script becomes one box', '東京', '□□'],
    ['a picture of several parts becomes one box', '👨‍👩‍👧!', '□!'],
    ['half a character becomes one box', 'a\ud800b', 'a□b'],
    ['direction and control characters vanish', '\u202eexe\u0000\u0007.gpj\u2066\ufeff', 'exe.gpj'],
    ['a space that forbids a break keeps forbidding it', '2:05\u202fPM', '2:05\u00a0PM'],
    ['other spaces become plain', 'a\u2003b\tc', 'a b c'],
    ['line breaks of every kind stay', 'a\r\nb\u2028c\rd', 'a\nb\nc\nd'],
  ])('%s', (_, given, expected) => {
    expect(printable(given)).toBe(expected)
  })
})
