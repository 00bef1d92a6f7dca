import { createHash } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, errors } from 'jose'
import { permanentError } from './errors.ts'

/** Encrypts `text` with DATA_KEY (JWE, RFC 7516: `dir`, A256GCM). The same text gives another result each time. */
export async function seal(text: string, dataKey: string): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(keyOf(dataKey))
}

/**
 * Decrypts what `seal` made.
 * @throws permanentError `sealed_text_unreadable` under another key, or when it was changed
 */
export async function unseal(sealed: string, dataKey: string): Promise<string> {
  try {
    const { plaintext } = await compactDecrypt(sealed, keyOf(dataKey), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    return new TextDecoder().decode(plaintext)
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    throw permanentError('sealed_text_unreadable', 'This was encrypted with another DATA_KEY.', {
      cause: error,
    })
  }
}

/** DATA_KEY may have any length from 32 characters on; the cipher wants 256 bits. */
const keyOf = (dataKey: string) => createHash('sha256').update(dataKey).digest()
