/** A page that only says something: a link that has expired, or an error. */
export function messagePage(_view: { title: string; text: string }): string {
  throw new Error('soon')
}
