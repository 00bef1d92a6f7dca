import type { Language } from '../../../../../src/features/approvals/index.ts'
import { conditions } from './conditions.ts'
import { descriptions } from './descriptions.ts'
import { findings } from './findings.ts'
import { reasons } from './reasons.ts'

/** What policies say, what was found and why somebody is asked. */
export const language: Language = { locale: 'de-DE', conditions, descriptions, findings, reasons }
