/** An IBAN as it is kept: without blanks, in capitals. Its form is not checked. */
export const compactIban = (text: string) => text.replace(/\s/g, '').toUpperCase()

/** Whether a compact IBAN has the form and the check digits of ISO 13616 (ISO 7064, MOD 97-10). */
export function isIban(compact: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(compact)) return false
  const moved = `${compact.slice(4)}${compact.slice(0, 4)}`
  const digits = moved.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55)) // A = 10 … Z = 35
  return BigInt(digits) % 97n === 1n
}
