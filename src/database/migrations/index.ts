import type { Options } from '@mikro-orm/postgresql'
import { Foundation } from './0001-foundation.ts'
import { PolicyAndDecisions } from './0002-policy-and-decisions.ts'
import { SealedAudit } from './0003-sealed-audit.ts'
import { Rollback } from './0004-rollback.ts'
import { TimeAndTrust } from './0005-time-and-trust.ts'
import { KindsOfExpense } from './0006-kinds-of-expense.ts'
import { SlackInFull } from './0007-slack-in-full.ts'
import { AnotherOne } from './0008-another-one.ts'
import { SaidInAnyLanguage } from './0009-said-in-any-language.ts'

/** Every migration in order. An explicit list: nothing is scanned, and a merge conflict shows here. */
export const migrationOptions: NonNullable<Options['migrations']> = {
  tableName: 'migration',
  snapshot: false,
  silent: true,
  migrationsList: [
    { name: '0001-foundation', class: Foundation },
    { name: '0002-policy-and-decisions', class: PolicyAndDecisions },
    { name: '0003-sealed-audit', class: SealedAudit },
    { name: '0004-rollback', class: Rollback },
    { name: '0005-time-and-trust', class: TimeAndTrust },
    { name: '0006-kinds-of-expense', class: KindsOfExpense },
    { name: '0007-slack-in-full', class: SlackInFull },
    { name: '0008-another-one', class: AnotherOne },
    { name: '0009-said-in-any-language', class: SaidInAnyLanguage },
  ],
}
