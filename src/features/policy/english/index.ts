import type { PolicyLanguage } from '../language.ts'
import { conditions } from './conditions.ts'
import { descriptions } from './descriptions.ts'
import { findings } from './findings.ts'

/** What policies say, in English. */
export const english: PolicyLanguage = { locale: 'en-US', conditions, descriptions, findings }
