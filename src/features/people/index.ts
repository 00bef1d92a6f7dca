export { type Directory, homeTeamName, levelName, loadDirectory, type Member } from './directory.ts'
export { exportPeople } from './export-people.ts'
export {
  companyIdByName,
  type ImportedPeople,
  importPeople,
} from './import-people.ts'
export type { OrganisationPeople } from './import-structure.ts'
export type { Category, Company, Person, Reason, Role } from './people.entity.ts'
export {
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
} from './people.ts'
export { companyOfStranger, recordAccessRequest, type UnknownUser } from './request-access.ts'
