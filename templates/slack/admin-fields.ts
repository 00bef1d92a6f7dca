/**
 * What the forms of admins ask for. One table says it for the form that is shown and for reading what comes back; labels
 * and hints are texts.
 */

/** What has a list and forms of its own. `policies` lists rules, limits, rates and examples as well. */
export const adminScreens = [
  'people',
  'policies',
  'categories',
  'reasons',
  'assignments',
  'cost_centres',
  'delegations',
  'teams',
  'levels',
  'company',
] as const
export type AdminScreen = (typeof adminScreens)[number]

/** What a form changes: a section of the organisation file, or a delegation. */
export const adminSections = [
  'people',
  'policies',
  'rules',
  'limits',
  'mileage',
  'per_diem',
  'tests',
  'categories',
  'reasons',
  'assignments',
  'cost_centres',
  'delegations',
  'teams',
  'levels',
  'company',
] as const
export type AdminSection = (typeof adminSections)[number]

export const policyGroups = ['policies', 'rules', 'limits', 'mileage', 'per_diem', 'tests'] as const
export type PolicyGroup = (typeof policyGroups)[number]

export function isPolicyGroup(section: AdminSection): section is PolicyGroup {
  return policyGroups.some((one) => one === section)
}

/** The list that a form belongs to. */
export function screenOf(section: AdminSection): AdminScreen {
  return isPolicyGroup(section) ? 'policies' : section
}

/** Where the options of a menu come from. */
export type ChoiceSource = 'teams' | 'levels' | 'categories' | 'people' | 'zones' | 'locales'

interface Asked {
  name: string
  optional?: true
  /** Only in the form of something new: it is what the entry is known by. */
  onlyNew?: true
  /** Only in the form of something that is there. */
  onlyKnown?: true
}

export type AdminField = Asked &
  (
    | { kind: 'text'; most: number; multiline?: true; isAmount?: true }
    | { kind: 'email' }
    | { kind: 'number'; decimal?: true }
    /** A text a line. */
    | { kind: 'lines' }
    | { kind: 'choice' | 'choices'; from: ChoiceSource }
    | { kind: 'ticks'; options: readonly string[]; texts: 'roles' | 'weekdays' }
    /** Yes or no. */
    | { kind: 'switch'; text: 'active' | 'offered' | 'company_wide' }
    | { kind: 'date' }
  )

const name = { name: 'name', kind: 'text', most: 200 } as const
const place = { name: 'place', kind: 'number', optional: true } as const
const offered = { name: 'active', kind: 'switch', text: 'offered', onlyKnown: true } as const
const text = { name: 'text', kind: 'text', most: 3000, multiline: true } as const
const hour = { kind: 'text', most: 5 } as const
const days = { kind: 'number', decimal: true } as const

export const adminFields: Record<AdminSection, readonly AdminField[]> = {
  people: [
    name,
    { name: 'email', kind: 'email', onlyNew: true },
    { name: 'team', kind: 'choice', from: 'teams', optional: true },
    { name: 'also_in', kind: 'choices', from: 'teams', optional: true },
    { name: 'level', kind: 'choice', from: 'levels', optional: true },
    { name: 'manager', kind: 'choice', from: 'people', optional: true },
    {
      name: 'roles',
      kind: 'ticks',
      options: ['manager', 'finance', 'admin'],
      texts: 'roles',
      optional: true,
    },
    { name: 'time_zone', kind: 'choice', from: 'zones', optional: true },
    { name: 'active', kind: 'switch', text: 'active', onlyKnown: true },
  ],
  categories: [name, { name: 'keywords', kind: 'lines', optional: true }, place, offered],
  reasons: [name, place, offered],
  cost_centres: [{ name: 'code', kind: 'text', most: 40, onlyNew: true }, name, place, offered],
  assignments: [
    { name: 'category', kind: 'choice', from: 'categories' },
    { name: 'approver', kind: 'choice', from: 'people' },
    { name: 'team', kind: 'choice', from: 'teams', optional: true },
  ],
  teams: [
    { ...name, onlyNew: true },
    { name: 'company_wide', kind: 'switch', text: 'company_wide' },
  ],
  levels: [
    { name: 'rank', kind: 'number', onlyNew: true },
    name,
    { name: 'team', kind: 'choice', from: 'teams', optional: true, onlyNew: true },
  ],
  company: [
    { name: 'time_zone', kind: 'choice', from: 'zones' },
    { name: 'locale', kind: 'choice', from: 'locales' },
    { name: 'intake', kind: 'email', optional: true },
    { name: 'rollback_hours', kind: 'number' },
    {
      name: 'working_hours.days',
      kind: 'ticks',
      options: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
      texts: 'weekdays',
    },
    { name: 'working_hours.from', ...hour },
    { name: 'working_hours.to', ...hour },
    { name: 'holidays', kind: 'text', most: 20, optional: true },
    { name: 'remind_after_days', ...days },
    { name: 'escalate_after_days', ...days },
    { name: 'step_up_over', kind: 'text', most: 40, optional: true, isAmount: true },
    { name: 'request_tolerance_percent', kind: 'number' },
    { name: 'digest_over', kind: 'number' },
  ],
  policies: [text, place],
  rules: [text, place],
  limits: [text, place],
  mileage: [text],
  per_diem: [text],
  tests: [text],
  delegations: [
    { name: 'principal', kind: 'choice', from: 'people' },
    { name: 'delegate', kind: 'choice', from: 'people' },
    { name: 'from', kind: 'date' },
    { name: 'to', kind: 'date' },
    { name: 'up_to', kind: 'text', most: 40, optional: true },
  ],
}

/** What a form asks for: of something new, or of something that is there. */
export function fieldsAsked(section: AdminSection, isNew: boolean): AdminField[] {
  return adminFields[section].filter(({ onlyNew, onlyKnown }) => (isNew ? !onlyKnown : !onlyNew))
}

/** The value of the option that stands for nothing. No handle is as short. */
export const noChoice = 'none'

/**
 * The block of an input. `stamp` is another one each time that a form is opened: what was typed into the form of one entry
 * must not stand in that of the next, as Slack keeps what stands in a block of the same name.
 */
export const adminBlock = (field: string, stamp: string) => `admin.${field}.${stamp}`

/** The field of a block of ours: `admin.working_hours.to.k3x` is `working_hours.to`. */
export function fieldOfBlock(blockId: string): string {
  return blockId.split('.').slice(1, -1).join('.')
}
