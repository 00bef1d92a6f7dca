import { Migration } from '@mikro-orm/migrations'

/** The expenses that one looks like and, as its submitter said, is not. */
export class AnotherOne extends Migration {
  override up(): void {
    this.addSql(`alter table expense add column differs_from text[] not null default '{}'`)
  }
}
