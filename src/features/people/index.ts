export {
  addAuthenticator,
  checkAuthenticator,
  hasAuthenticator,
  removeAuthenticator,
} from './authenticator.ts'
export { listCostCentres, namesOfCostCentres } from './cost-centres.ts'
export { mostDelegatedDays } from './delegation-checks.ts'
export {
  type ActiveDelegation,
  activeDelegations,
  addDelegation,
  type DelegationToAdd,
  type DelegationView,
  endDelegation,
  endDelegationsOf,
  findDelegation,
  listDelegations,
  type TurnedDelegation,
  turnDelegation,
} from './delegations.ts'
export {
  type Directory,
  homeTeamName,
  levelName,
  loadDirectory,
  type Member,
  namesOfLevels,
  namesOfRanks,
} from './directory.ts'
export { exportPeople } from './export-people.ts'
export { countPeople, findColleagues, findDelegate, findPeople } from './find-colleagues.ts'
export {
  companyIdByName,
  type ImportedPeople,
  importPeople,
} from './import-people.ts'
export type { OrganisationPeople } from './import-structure.ts'
export { listStrangers, type Stranger } from './list-strangers.ts'
export type { Category, Company, Person, Reason, Role } from './people.entity.ts'
export {
  activeAmong,
  companyByIntake,
  everybody,
  getCompany,
  getPeople,
  getPerson,
  isActivePerson,
  linkSlackUser,
  listAllCategories,
  listAllReasons,
  listCategories,
  listCompanies,
  listReasons,
  nameOfCategory,
  nameOfReason,
  peopleByEmail,
  peopleWithRole,
  personByEmail,
  personBySlackUser,
  requireActor,
  whoReportsTo,
} from './people.ts'
export { type Preferences, preferencesOf, type Reader, readerOf, savePreferences } from './preferences.ts'
export {
  companyOfStranger,
  isAccessRequested,
  recordAccessRequest,
  type UnknownUser,
} from './request-access.ts'
export { requireAdmin } from './require-admin.ts'
export { requireFinance, requireSeesFinance } from './require-finance.ts'
export { isSlackLocaleOld, noteSlackLocale } from './slack-locale.ts'
export { adminByEmail, companiesInSlack } from './who-uses-slack.ts'
export { holidayRegions, isHolidayRegion, workingCalendarOf } from './working-calendar.ts'
