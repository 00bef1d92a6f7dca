import { userError } from './errors.ts'

/**
 * The text of a file that must be UTF-8, without its byte order mark. `file` is its name for messages.
 * @throws userError `file_not_utf8`: says what it is instead, and which line is the first that is wrong
 */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  const wrong = wrongEncoding(bytes, file)
  if (wrong !== null) throw userError('file_not_utf8', wrong)
  return new TextDecoder().decode(bytes)
}

function wrongEncoding(bytes: Uint8Array, file: string): string | null {
  const plain = 'plain text in the encoding UTF-8.'
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]))
    return `${file} is an Excel or ZIP file. Save it as ${plain}`
  const isUtf16 = startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])
  if (isUtf16 || bytes.includes(0))
    return `${file}:1: this is UTF-16, or no text at all. Save the file as ${plain}`
  const line = firstWrongLine(bytes)
  if (line === null) return null
  return `${file}:${line}: this line is not UTF-8, so its letters cannot be read. Save the file in the encoding UTF-8.`
}

const startsWith = (bytes: Uint8Array, start: number[]) => start.every((byte, index) => bytes[index] === byte)

/** A line end is never a part of another character, so each line can be read by itself. */
function firstWrongLine(bytes: Uint8Array): number | null {
  if (isUtf8(bytes)) return null
  let line = 1
  let start = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    if (!isUtf8(bytes.subarray(start, end))) return line
    start = end + 1
    line += 1
  }
  return line
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
