import type { Random } from './random.ts'

/** A made-up company with teams, seven levels and managers, in the form of an organisation file. */
export function makeCompany(random: Random, people: number): { text: string; submitters: string[] } {
  const teams = ['Engineering', 'Sales', 'Support', 'Research', 'Legal', 'Marketing', 'Operations', 'Board']
  const members: Record<string, unknown>[] = []
  const add = (name: string, more: Record<string, unknown>) => {
    const email = `${name.toLowerCase().replace(/ /g, '.')}@month.example`
    members.push({ name, email, ...more })
    return email
  }
  const chief = add('Chief One', { team: 'Board', level: 1, roles: ['manager'] })
  add('Chief Two', { team: 'Board', level: 1, roles: ['manager'] })
  for (const name of ['Fay First', 'Fay Second', 'Fay Third']) {
    add(name, { team: 'Board', manager: chief, roles: ['finance'] })
  }
  add('Adam Admin', { team: 'Board', manager: chief, roles: ['admin'] })
  const heads = new Map<string, string[]>()
  for (let index = members.length; index < people; index++) {
    const team = teams[index % (teams.length - 1)] ?? 'Sales'
    const above = heads.get(team) ?? [chief]
    // The first in each team fill the levels from the top, so that every team has a ladder.
    const level = above.length < 6 ? above.length + 1 : 7
    const manager = random.pick(above.slice(-3))
    const email = add(`Person ${index}`, {
      team,
      ...(random.chance(0.95) ? { level } : {}),
      manager,
      ...(random.chance(0.1) ? { also_in: [random.pick(teams.filter((one) => one !== team))] } : {}),
    })
    if (above.length < 6 || random.chance(0.1)) heads.set(team, [...above, email])
  }
  return {
    text: JSON.stringify({
      ...base,
      teams: teams.map((name) => ({ name, company_wide: name === 'Board' })),
      people: members,
    }),
    submitters: members.map(({ email }) => String(email)),
  }
}

const step = (level: number, more: Record<string, unknown> = {}) => ({
  level,
  description: `Level ${level} agrees`,
  ...more,
})

const base = {
  company: { name: 'Month', currency: 'USD', time_zone: 'America/New_York' },
  levels: ['Chief', 'VP', 'Director', 'Head', 'Lead', 'Senior', 'Engineer'].map((name, index) => ({
    rank: index + 1,
    name,
  })),
  cost_centres: ['4100', '4200'].map((code) => ({ code, name: `Centre ${code}` })),
  mileage: [{ key: 'car', name: 'Car', unit: 'mi', rate: '0.725', from: '2026-01-01', category: 'travel' }],
  categories: ['meals', 'travel', 'equipment', 'other'].map((key) => ({ key, name: key })),
  reasons: [{ key: 'client', name: 'Client visit' }],
  assignments: [{ category: 'equipment', approver: 'fay.first@month.example' }],
  policies: [
    {
      key: 'small',
      name: 'Small',
      when: { category: ['meals', 'other'], amount: { up_to: '100.00' } },
      steps: [step(6)],
    },
    { key: 'meals', name: 'Meals', when: { category: ['meals', 'other'] }, steps: [step(6), step(5)] },
    {
      key: 'travel',
      name: 'Travel',
      when: { category: 'travel' },
      steps: [
        { approver: 'manager', description: 'The manager knows of the journey' },
        step(4, { needed: 'all' }),
      ],
    },
    {
      key: 'equipment',
      name: 'Equipment',
      when: { category: 'equipment' },
      steps: [
        { approver: 'category', description: 'IT has no spare one' },
        step(5, { needed: 2, scope: 'company' }),
        step(3, { required: false }),
      ],
    },
  ],
  rules: [
    {
      key: 'tiny',
      name: 'Tiny',
      when: { amount: { up_to: '10.00' }, receipt: 'missing' },
      do: { approve_automatically: true },
    },
    {
      key: 'huge',
      name: 'Huge',
      when: { amount: { over: '5000.00' } },
      do: { approve_by: [{ approver: 'finance', description: 'Finance agrees' }] },
    },
    {
      key: 'bar',
      name: 'Bars',
      when: { merchant: '*bar*' },
      do: { flag: 'Please look whether alcohol is on it.' },
    },
    {
      key: 'weekend',
      name: 'Weekend',
      when: { weekday: 'sunday', reason: { not: ['client'] } },
      do: { require: ['note'] },
    },
  ],
  limits: [
    { key: 'meals_month', name: 'Meals', each: 'person', category: 'meals', per: 'month', amount: '600.00' },
    {
      key: 'team_travel',
      name: 'Travel of a team',
      each: 'team',
      category: 'travel',
      per: 'month',
      amount: '60000.00',
    },
  ],
}

/** The same company under a stricter policy: lower bands, a lower limit, no automatic approval. */
export function stricter(text: string): string {
  const organisation = JSON.parse(text)
  organisation.policies[0].when.amount.up_to = '50.00'
  organisation.policies[2].steps.push(step(3))
  organisation.rules = organisation.rules.filter(({ key }: { key: string }) => key !== 'tiny')
  organisation.limits[0].amount = '300.00'
  return JSON.stringify(organisation)
}
