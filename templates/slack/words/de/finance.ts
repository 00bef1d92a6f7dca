import type { finance as english } from '../en/finance.ts'

export const finance: typeof english = {}
