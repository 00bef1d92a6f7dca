import type { Preferences } from '../../../src/features/people/index.ts'
import { savePreferences } from '../../../src/features/people/index.ts'
import { as } from '../../support/test-database.ts'
import type { TwoSteps } from './two-steps.ts'

/** What people of a company are told, from the rows that are to be shown and sent. */
export class Told {
  readonly company: TwoSteps
  constructor(company: TwoSteps) {
    this.company = company
  }

  /** As somebody wishes from now on. */
  wish(email: string, changes: Partial<Preferences>): Promise<unknown> {
    return as(this.company.database, email, (tx) => savePreferences(tx, changes))
  }

  /** Everybody is in Slack, in one workspace. */
  async inSlack(): Promise<void> {
    await this.company.database.asSuperuser(
      `update person set slack_team_id = 'T1', slack_user_id = 'U' || id where company_id = $1`,
      [this.company.id],
    )
  }

  /** Our app was taken out of that workspace. */
  async cutOff(): Promise<void> {
    await this.company.database.asSuperuser(
      `insert into slack_installation (id, company_id, team_id, team_name, bot_token_sealed, installed_at, revoked_at)
       values (gen_random_uuid(), $1, 'T1', 'T', 'x', now(), now())`,
      [this.company.id],
    )
  }

  /** Kinds of messages in Slack to somebody, in the order in which they were asked for; about one expense, or all. */
  async messages(email: string, expenseId?: string): Promise<string[]> {
    const rows = await this.company.database.asSuperuser<{ kind: string }>(
      `select s.kind from surface s join person p on p.id = s.person_id where p.email = $1
         and ($2::uuid is null or s.expense_id = $2) order by s.created_at, s.id`,
      [email, expenseId ?? null],
    )
    return rows.map(({ kind }) => kind)
  }

  /** Kinds of mails to somebody, in the order in which they were asked for; about one expense, or all. */
  async mails(email: string, expenseId?: string): Promise<string[]> {
    const rows = await this.company.database.asSuperuser<{ kind: string }>(
      `select kind from outgoing_mail where to_address = $1 and ($2::uuid is null or expense_id = $2)
       order by created_at, id`,
      [email, expenseId ?? null],
    )
    return rows.map(({ kind }) => kind)
  }

  /** When what is still to be done for somebody will be done (UTC), by its kind. */
  async times(email: string): Promise<[kind: string, at: string][]> {
    const rows = await this.company.database.asSuperuser<{ kind: string; at: Date }>(
      `select coalesce(s.kind, m.kind) as kind, o.not_before as at from outbox o
       left join surface s on s.id::text = o.payload ->> 'surfaceId'
       left join outgoing_mail m on m.id::text = o.payload ->> 'mailId'
       join person p on p.id = coalesce(s.person_id, m.to_person_id)
       where o.status = 'pending' and p.email = $1 order by o.id`,
      [email],
    )
    return rows.map(({ kind, at }) => [kind, at.toISOString()])
  }
}
