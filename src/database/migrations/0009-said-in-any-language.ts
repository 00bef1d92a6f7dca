import { Migration } from '@mikro-orm/migrations'

/**
 * Beside the English sentences of findings, and of why somebody is asked, what they tell: so that they can be said in the
 * language of whoever reads them. What was stored before keeps its sentence alone.
 */
export class SaidInAnyLanguage extends Migration {
  override up(): void {
    this.addSql('alter table finding add column said jsonb')
    this.addSql('alter table approval add column reason jsonb')
    this.addSql('alter table approval_ask add column reason jsonb')
  }
}
