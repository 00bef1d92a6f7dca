import { z } from 'zod'
import { isTimeZone } from '../../kernel/calendar-date.ts'
import { isCurrency } from '../../kernel/money.ts'

/** An ISO 4217 code in capitals. */
export const currencyCode = z.string().refine(isCurrency, 'must be a currency code such as USD')

/** An IANA time zone. */
export const timeZoneName = z.string().refine(isTimeZone, 'must be a time zone such as America/New_York')
