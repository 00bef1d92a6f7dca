/** A company with an office on each of three continents, in the form of an organisation file. */
export function makeOffices() {
  const places = [
    { place: 'newyork', time_zone: 'America/New_York', holidays: 'US' },
    { place: 'berlin', time_zone: 'Europe/Berlin', holidays: 'DE-BE' },
    { place: 'sydney', time_zone: 'Australia/Sydney', holidays: 'AU-NSW' },
  ]
  const at = (name: string) => `${name}@year.example`
  const [america, europe] = places
  const people = [
    { ...person('chief', america), level: 1 },
    { ...person('finance.one', america), roles: ['finance'] },
    { ...person('finance.two', europe), roles: ['finance'] },
    { ...person('admin', europe), roles: ['admin'] },
    ...places.flatMap((where) => [
      { ...person(`${where.place}.head`, where), level: 2, manager: at('chief') },
      ...[1, 2].map((lead) => ({
        ...person(`${where.place}.lead${lead}`, where),
        level: 3,
        manager: at(`${where.place}.head`),
      })),
      ...[1, 2, 3, 4, 5].map((worker) => ({
        ...person(`${where.place}.worker${worker}`, where),
        level: 4,
        manager: at(`${where.place}.lead${1 + (worker % 2)}`),
      })),
    ]),
  ]
  return { ...base, teams: places.map(({ place }) => ({ name: place })), people }
}

interface Place {
  place: string
  time_zone: string
  holidays: string
}

const person = (name: string, where: Place | undefined) => ({
  name,
  email: `${name}@year.example`,
  team: where?.place,
  time_zone: where?.time_zone,
  holidays: where?.holidays,
  active: true,
})

const step = (level: number, more: object = {}) => ({ level, description: `Level ${level} agrees`, ...more })
const policy = (category: string, steps: object[]) => ({
  key: category,
  name: category,
  when: { category },
  steps,
})

const base = {
  company: { name: 'Year', currency: 'USD', time_zone: 'America/New_York', rollback_hours: 0 },
  levels: ['Chief', 'Head', 'Lead', 'Worker'].map((name, index) => ({ rank: index + 1, name })),
  categories: ['meals', 'travel', 'equipment', 'training'].map((key) => ({ key, name: key })),
  policies: [
    policy('meals', [step(3)]),
    policy('travel', [
      { approver: 'manager', description: 'The manager agrees' },
      step(2, { required: false }),
      step(1),
    ]),
    policy('equipment', [step(3, { needed: 'all' })]),
    policy('training', [step(3, { needed: 2, scope: 'company' })]),
  ],
}
