import type { Tx } from '../../database/index.ts'
import { countPeople, listCategories, listCostCentres, listReasons, requireAdmin } from '../people/index.ts'
import { currentPolicies } from '../policy/index.ts'
import { askedOfSubmitters } from './person-gaps.ts'

/** How a company's organisation stands, in numbers: of what is active. */
export interface OrganisationSummary {
  people: number
  /** For whose expenses finance decides, as a policy asks for what they have not. */
  without: { team: number; manager: number }
  policies: number
  rules: number
  limits: number
  categories: number
  reasons: number
  costCentres: number
}

/** @throws userError `admin_required` */
export async function summarizeOrganisation(tx: Tx): Promise<OrganisationSummary> {
  await requireAdmin(tx)
  const document = (await currentPolicies(tx))?.document
  const asked = askedOfSubmitters(document)
  const { team, manager } = await countGaps(tx)
  const countOf = (entries: { active: boolean }[] = []) => entries.filter(({ active }) => active).length
  return {
    people: (await countPeople(tx)).active,
    without: { team: asked.team ? team : 0, manager: asked.manager ? manager : 0 },
    policies: countOf(document?.policies),
    rules: countOf(document?.rules),
    limits: countOf(document?.limits),
    categories: (await listCategories(tx)).length,
    reasons: (await listReasons(tx)).length,
    costCentres: (await listCostCentres(tx)).length,
  }
}

/** As `gapsOf` of everybody, but for finance and admins: they often stand outside of teams. */
async function countGaps(tx: Tx): Promise<{ team: number; manager: number }> {
  await tx.em.flush()
  const [row] = await tx.em.execute<{ team: number; manager: number }[]>(
    `with mine as (select * from person where company_id = ? and active)
     select count(*) filter (where team_id is null
         and not exists (select 1 from team_member t where t.company_id = mine.company_id and t.person_id = mine.id)
         and exists (select 1 from team t where t.company_id = mine.company_id)
         and not exists (select 1 from team t where t.company_id = mine.company_id and t.company_wide))::int as team,
       count(*) filter (where manager_id is null
         and level_rank is distinct from (select min(level_rank) from mine))::int as manager
     from mine where not roles && '{finance,admin}'::text[]`,
    [tx.companyId],
  )
  return row ?? { team: 0, manager: 0 }
}
