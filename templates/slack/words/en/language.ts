import type { Language } from '../../../../src/features/approvals/index.ts'

/**
 * What policies say, what was found and why somebody is asked. English is said where these are made, for mails, pages and
 * files as well: `src/features/policy/english` and `src/features/approvals/english-reasons.ts`.
 */
export const language: Language | null = null
