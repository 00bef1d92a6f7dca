export { companyIdByName, importPeople, type OrganisationPeople } from './import-people.ts'
export type { Category, Company, Person, Role } from './people.entity.ts'
export {
  companyByIntake,
  type Directory,
  everybody,
  financePeople,
  getCompany,
  getPeople,
  getPerson,
  isActivePerson,
  linkSlackUser,
  listCategories,
  listCompanies,
  loadDirectory,
  personByEmail,
  personBySlackUser,
  requireActor,
} from './people.ts'
