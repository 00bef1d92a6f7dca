import type { DescriptionWords } from '../../../../../src/features/policy/index.ts'
import { joined } from '../../../../expense-words.ts'
import { common } from '../common.ts'
import { requirements } from './findings.ts'

const told: Partial<Record<string, string>> = {
  finance: 'Finanzabteilung',
  admin: 'Verwaltung',
  manager: 'Führungskraft',
}
const periods = { day: 'pro Tag', month: 'pro Monat', year: 'pro Jahr' }
const each = { person: 'jede Person', team: 'jedes Team', company: 'die ganze Firma' }

const meals = { breakfast: 'Frühstück', lunch: 'Mittagessen', dinner: 'Abendessen' }

const written = (decimal: string) => decimal.replace('.', ',')
const suggesting = (category: string | null) => (category === null ? '' : `; vorgeschlagen: ${category}`)

export const descriptions: DescriptionWords = {
  inactive: 'nicht aktiv; ',
  inOrder: (steps) => steps.join(', dann '),
  approvers: {
    manager: 'Führungskraft',
    category: 'wer für die Kategorie zuständig ist',
    finance: 'Finanzabteilung',
    admin: 'Verwaltung',
  },
  level: (rank) => `Stufe ${rank}`,
  atLevel: (level, scope) => {
    if (typeof scope === 'object') return `${level} in ${scope.team}`
    return scope === 'company' ? `${level} in der ganzen Firma` : level
  },
  all: 'alle davon',
  some: (count) => `${count} davon`,
  notRequired: 'freiwillig',
  refused: 'nicht erlaubt',
  warned: 'mit Hinweis',
  requires: (what) =>
    `nötig: ${joined(
      what.map((one) => requirements[one]),
      common.and,
    )}`,
  asksAsWell: (steps) => `außerdem gefragt: ${steps}`,
  automatic: 'automatisch freigegeben',
  tells: (whom) => `per E-Mail informiert: ${whom.map((one) => told[one] ?? one).join(', ')}`,
  mileage: ({ rate, unit, currency, suggests }) =>
    `${written(rate)} ${currency} pro ${unit === 'mi' ? 'Meile' : 'km'}${suggesting(suggests)}`,
  perDiem: ({ currency, suggests, ...rate }) => {
    const taken = (['breakfast', 'lunch', 'dinner'] as const).flatMap((meal) =>
      rate[meal] === undefined ? [] : [`${written(rate[meal])} für ${meals[meal]}`],
    )
    const less = taken.length === 0 ? '' : `; abzüglich ${taken.join(', ')}, wenn es das gab`
    const days = `${written(rate.full_day)} ${currency} pro Tag, ${written(rate.travel_day)} ${currency} am ersten und letzten`
    return `${days}${less}${suggesting(suggests)}`
  },
  limit: ({ money, each: whom, team, per, beyond, on }) => {
    const of = team ? ` in ${joined(team, common.or)}` : ''
    const then = beyond === 'block' ? 'nicht erlaubt' : 'mit Hinweis'
    return `${money} ${periods[per]} für ${each[whom]}${of}${on === null ? '' : `, nur ${on}`}; darüber ${then}`
  },
}
