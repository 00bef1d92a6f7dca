import type { ReasonWords } from './reasons.ts'

const decides = { finance: 'so finance decides', admin: 'so an admin decides' }

/** Why somebody is asked, in English. Each reads after “You are asked because ”. */
export const english: ReasonWords = {
  manager: ({ submitter }) => `the policy asks for the manager of ${submitter}`,
  manager_above: ({ submitter }) =>
    `the policy asks for the manager of ${submitter}, and the next one up the line stands in`,
  finance: () => 'this step is for finance',
  admin: () => 'this step is for an admin',
  level: ({ level }) => `the policy asks for the level ${level}`,
  level_above: ({ wanted, found }) =>
    `the policy asks for the level ${wanted} or above, and ${found} is the next one up`,
  category: () => 'the policy asks for whoever is assigned to this category',
  category_manager: ({ submitter }) =>
    `the policy asks for whoever is assigned to this category, and a manager of ${submitter} stands in`,
  named: ({ name }) => `the policy asks for ${name}`,
  named_manager: ({ name }) => `the policy asks for ${name}, and the next manager up stands in`,
  too_few: ({ needed, decides: who }) =>
    `${needed} people must agree and too few others may, ${decides[who]}`,
  nobody_at_level: ({ level, submitter, decides: who }) =>
    `nobody at the level ${level} or above may decide for ${submitter}, ${decides[who]}`,
  no_manager: ({ submitter, decides: who }) => `${submitter} has no manager who may decide, ${decides[who]}`,
  nobody_for_category: ({ submitter, decides: who }) =>
    `nobody who is assigned to this category may decide, nor a manager of ${submitter}, ${decides[who]}`,
  nobody_in_finance: ({ decides: who }) => `nobody in finance may decide, ${decides[who]}`,
  no_admin: ({ decides: who }) => `no admin may decide, ${decides[who]}`,
  nobody_named: ({ name, decides: who }) => `neither ${name} nor a manager may decide, ${decides[who]}`,
  unanswered: ({ who, onBehalfOf, since, timeZone }, { day }) =>
    `${onBehalfOf === null ? who : `${who}, for ${onBehalfOf},`} has not answered since ${day(since, timeZone)}`,
  delegate: ({ principal, until, reason }, say) =>
    `you decide for ${principal} until ${say.date(until)}, and ${say.reason(reason)}`,
}
