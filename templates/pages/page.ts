/** What just happened, above the page. */
export interface Notice {
  kind: 'success' | 'error' | 'info'
  text: string
}
