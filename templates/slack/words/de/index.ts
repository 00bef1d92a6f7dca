import type { en } from '../en/index.ts'
import { admin } from './admin.ts'
import { cards } from './cards.ts'
import { common } from './common.ts'
import { errors } from './errors.ts'
import { finance } from './finance.ts'
import { forms } from './forms.ts'
import { home } from './home.ts'
import { language } from './policy/index.ts'
import { talk } from './talk.ts'

export const de: typeof en = { admin, cards, common, errors, finance, forms, home, language, talk }
