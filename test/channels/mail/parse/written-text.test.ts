import { describe, expect, test } from 'vitest'
import { writtenText } from '../../../../src/channels/mail/parse/written-text.ts'

describe('what the person wrote', () => {
  test('is the plain text', () => {
    expect(writtenText('Taxi EUR 23.50\r\nto the airport\r\n', '<b>other</b>')).toBe(
      'Taxi EUR 23.50\nto the airport',
    )
  })

  test.each([
    [
      'Gmail',
      'for project X\n\n---------- Forwarded message ---------\nFrom: Uber <no-reply@uber.example>\nDate: Fri\nSubject: Your trip\nTo: Alice\n\nTotal 23.50',
    ],
    [
      'Outlook',
      'for project X\n\n________________________________\nVon: Uber\nGesendet: Freitag\nAn: Alice\nBetreff: Fahrt\n\nSumme',
    ],
    [
      'Apple Mail',
      'for project X\n\nBegin forwarded message:\n\n> From: Uber <x@y.example>\n> Subject: Your trip\n> Date: Fri\n>\n> Total',
    ],
    [
      'a reply',
      'for project X\n\nOn Fri, 20 Nov 2026 at 10:00, Outlay\n<expenses@techcorp.example> wrote:\n\n> Which project?\n> Please answer.',
    ],
    ['a signature', 'for project X\n-- \nAlice Chen\nCTO, +1 555 0100'],
  ])('leaves out what %s adds', (_program, text) => {
    expect(writtenText(text, '<p>anything</p>')).toBe('for project X')
  })

  test('keeps answers between quoted lines', () => {
    expect(writtenText('> Which project?\nX\n> Whose?\nMine', null)).toBe('X\nMine')
  })

  test('keeps a taxi ride from and to', () => {
    const ride = 'From: JFK\nTo: Hilton\nEUR 23.50'
    expect(writtenText(ride, null)).toBe(ride)
  })

  test('is nothing when an HTML receipt was forwarded without a word', () => {
    const text =
      '---------- Forwarded message ---------\nFrom: Uber <x@y.example>\nSubject: Your trip\n\nTotal 23.50'
    expect(writtenText(text, '<p>Total 23.50</p>')).toBe('')
  })

  test('is the forwarded text when there is nothing else', () => {
    const text = 'From: Uber <x@y.example>\nSubject: Your trip\n\nTotal 23.50'
    expect(writtenText(text, null)).toBe(text)
  })

  test('is read out of HTML when there is no plain text', () => {
    const html = `<head><title>no</title><style>p { color: red }</style></head><!-- <p>no</p> -->
      <p>Taxi&nbsp;&euro;&#32;23.50</p><script>alert("no")</script><div>to the <b>air</b>port</div>
      <table><tr><td>A</td><td>B</td></tr></table>&#x1F695; &unknown; &#9999999;`
    expect(writtenText(' \n', html)).toBe('Taxi € 23.50\n\nto the airport\n\nA B\n\n🚕 &unknown; &#9999999;')
  })

  test('has no control characters, no turned writing and no halves of characters', () => {
    expect(writtenText('a\0b\u0007\u202Ec\ud83d', null)).toBe('abc\uFFFD')
  })

  test.each([
    ['tags that never end', '<a '.repeat(100_000)],
    ['scripts that never end', '<script>'.repeat(50_000)],
    ['comments that never end', '<!--'.repeat(100_000)],
    ['empty cells', '<td>'.repeat(50_000)],
    ['spaces', '&nbsp;'.repeat(30_000)],
    ['entities', '&#'.repeat(200_000)],
    ['senders', `<p>${'From: a<br>'.repeat(40_000)}`],
    ['one line', 'a '.repeat(250_000)],
  ])('ends for %s, within 20,000 characters', (_what, html) => {
    expect(writtenText('', html).length).toBeLessThanOrEqual(20_000)
    expect(writtenText(html, null).length).toBeLessThanOrEqual(20_000)
  })
})
