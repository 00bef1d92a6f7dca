export { companyIdByName, importPeople, type OrganisationPeople } from './import-people.ts'
export type { Category, Company, Person, Role } from './people.entity.ts'
export {
  anyCompany,
  type Directory,
  everybody,
  financePeople,
  getCompany,
  getPeople,
  getPerson,
  linkSlackUser,
  listCategories,
  loadDirectory,
  personByEmail,
  personBySlackUser,
} from './people.ts'
