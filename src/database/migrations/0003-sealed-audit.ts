import { createHash, randomBytes } from 'node:crypto'
import { Migration } from '@mikro-orm/migrations'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { isolate } from './isolation.ts'

/**
 * The audit log is sealed: each entry has its place in a chain of hashes, and what it says of persons is bound to it by
 * a hash whose key is erased together with the values. Beside it, when each company's schedules are due.
 */
export class SealedAudit extends Migration {
  override async up(): Promise<void> {
    await this.execute(`select set_config('outlay.all_companies', 'on', true)`)
    await this.execute(entries)
    await this.#hashPersonalValues()
    await this.execute(seals)
    for (const table of ['audit_unsealed', 'audit_seal', 'schedule']) await this.execute(isolate(table))
    await this.execute('insert into audit_unsealed select company_id, id from audit_entry')
    await this.execute(permissions)
    await this.execute(`select set_config('outlay.all_companies', '', true)`)
  }

  /** From here on a change of what is on record shows; what was changed before, nobody can know. */
  async #hashPersonalValues(): Promise<void> {
    const rows = await this.execute('select entry_id as id, "values"::text as text from audit_personal')
    await this.execute('alter table audit_entry disable trigger append_only')
    while (rows.length > 0) {
      const hashed = rows.splice(0, 1000).map(({ id, text }) => {
        const key = randomBytes(32)
        const hash = createHash('sha256')
          .update(key)
          .update(canonicalJson(String(text)))
          .digest('hex')
        return { id, key: key.toString('hex'), hash }
      })
      await this.execute(
        `with given as (select * from jsonb_to_recordset(?::jsonb) as row (id uuid, key text, hash text)),
          personal as (update audit_personal set key = decode(given.key, 'hex') from given where entry_id = given.id)
         update audit_entry set personal_hash = decode(given.hash, 'hex') from given where audit_entry.id = given.id`,
        [JSON.stringify(hashed)],
      )
    }
    await this.execute(`alter table audit_entry enable trigger append_only;
      alter table audit_personal alter column key set not null`)
  }
}

/**
 * The transaction id is where an entry stands: what is older than every running transaction is complete. Entries from
 * before have that of this migration.
 */
const entries = `
alter table audit_entry add column xid xid8 not null default pg_current_xact_id();
alter table audit_entry add column personal_hash bytea;
alter table audit_personal add column key bytea;
drop index audit_entry_company_id_subject_id_idx;
create index on audit_entry (company_id, at, id);
create index on audit_entry (company_id, actor_id, at);
create index on audit_entry (company_id, on_behalf_of_id, at) where on_behalf_of_id is not null;
create index on audit_entry (company_id, subject_id, at);
create index on audit_entry (company_id, action, at);`

const company = 'company_id uuid not null references company (id) deferrable initially deferred'

const seals = `
/** Entries that wait for their seal. Written with the entry: one that is neither sealed nor here was slipped in. */
create table audit_unsealed (${company},
  entry_id uuid not null,
  primary key (company_id, entry_id)
);
create table audit_seal (${company},
  seq bigint not null check (seq > 0),
  entry_id uuid not null,
  previous_hash bytea not null,
  hash bytea not null,
  sealed_at timestamptz not null,
  primary key (company_id, seq),
  unique (company_id, entry_id),
  /** The chain does not fork. */
  unique (company_id, previous_hash)
);
create trigger append_only before update or delete on audit_seal for each row execute function refuse_change();
create trigger never_truncated before truncate on audit_seal for each statement execute function refuse_change();
/** When a job is asked for next. See jobs/schedules.ts. */
create table schedule (${company},
  job text not null,
  next_at timestamptz not null,
  primary key (job, company_id)
);`

/**
 * Triggers hold for everybody; besides, the program's role may not even try, though it owns the tables. A foreign key to
 * the log would need that permission (its check locks the row that it refers to), so there is none: verifying looks.
 */
const permissions = `
alter table audit_personal drop constraint audit_personal_company_id_entry_id_fkey;
revoke update, delete, truncate on audit_entry, audit_seal from current_user;
revoke update, truncate on audit_personal from current_user;`
