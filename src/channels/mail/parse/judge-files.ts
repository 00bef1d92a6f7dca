import { createHash } from 'node:crypto'
import { acceptFile, cleanFileName } from '../../../features/receipts/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import type { IgnoredFile, MailFile, ReceiptFile } from './parsed-mail.ts'

const maxReceipts = 20
/** So many are named one by one; nobody reads more. */
const maxNamed = 50

/** Below these nobody can read a receipt. A till's receipt has some 30 characters in a row. */
const minSide = 120
/** What an inline picture may weigh at least: signatures are full of small ones, a photo never is. */
const minInlineBytes = 5000
/** Inline pictures as low and wide as these are banners of a signature. */
const bannerHeight = 200
const bannerRatio = 2.5

/** What is often sent along and is no receipt, by its name or claimed type; the first that fits. */
const knownKinds: readonly [RegExp, string][] = [
  [
    /winmail\.dat$|ms-tnef/i,
    'is in Outlook’s own format, which I cannot open. Please send the files as attachments.',
  ],
  [
    /\.msg$|ms-outlook/i,
    'is in Outlook’s own format, which I cannot open. Please forward that mail instead.',
  ],
  [/\.p7m$|pkcs7-mime|pgp-encrypted/i, 'is encrypted, so I cannot open it.'],
  [/\.p7s$|pkcs7-signature|pgp-signature|\.asc$/i, 'is a signature of the mail, not a receipt.'],
  [/\.ics$|text\/calendar|application\/ics/i, 'is a calendar entry, not a receipt.'],
  [/\.vcf$|vcard/i, 'is a business card, not a receipt.'],
  [/\.(?:zip|rar|7z)$/i, 'is an archive. Please send the files in it as attachments.'],
  [/^message\/|rfc822-headers/i, 'is a report about a mail, not a receipt.'],
]

/** Which files of a mail may be receipts, by their content; everything else is named with its reason. */
export function judgeFiles(files: readonly MailFile[]): { receipts: ReceiptFile[]; ignored: IgnoredFile[] } {
  const receipts: ReceiptFile[] = []
  const ignored: IgnoredFile[] = []
  const seen = new Set<string>()
  for (const file of files) {
    const hash = createHash('sha256').update(file.bytes).digest('hex')
    // Replies repeat the pictures of the signature, and some programs send a picture inline and attached.
    if (seen.has(hash)) continue
    seen.add(hash)
    const name = cleanFileName(file.name).toWellFormed()
    const against =
      reasonAgainst(file) ??
      (receipts.length < maxReceipts
        ? null
        : `is one more than the ${maxReceipts} receipts I take from a mail.`)
    if (against === null) receipts.push({ name, bytes: file.bytes, inline: file.inline })
    else ignored.push({ name, reason: against })
  }
  return { receipts, ignored }
}

/** The reasons as sentences for the sender, at most about 50 of them. */
export function tellIgnored(ignored: readonly IgnoredFile[]): IgnoredFile[] {
  const told = ignored.slice(0, maxNamed).map(({ name, reason }) => {
    const clean = cleanFileName(name).toWellFormed()
    return { name: clean, reason: `${clean} ${reason}` }
  })
  const more = ignored.length - told.length
  if (more > 0) told.push({ name: `${more} more`, reason: `${more} more files are not receipts either.` })
  return told
}

function reasonAgainst(file: MailFile): string | null {
  if (file.bytes.byteLength === 0) return 'is empty.'
  try {
    const mediaType = acceptFile(file)
    return mediaType.startsWith('image/') ? reasonAgainstPicture(file) : null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const known = knownKinds.find(([kind]) => kind.test(file.name) || kind.test(file.mediaType))
    return known?.[1] ?? 'is not a picture or PDF, so I cannot read it as a receipt.'
  }
}

function reasonAgainstPicture({ bytes, inline, picture }: MailFile): string | null {
  // A damaged picture is kept: its reading says what is wrong with it.
  if (picture === null) return null
  const { width, height, moving } = picture
  if (width <= 3 || height <= 3) return 'is an invisible picture that tells whether a mail was opened.'
  if (width < minSide || height < minSide) {
    return `is a small picture (${width} × ${height} pixels), probably of a signature.`
  }
  if (moving) return 'is a moving picture, not a receipt.'
  if (!inline) return null
  if (bytes.byteLength < minInlineBytes) return 'is a small picture, probably of a signature.'
  if (height < bannerHeight && width > height * bannerRatio)
    return 'is a wide banner, probably of a signature.'
  return null
}
