import type { KnownBlock } from '@slack/types'
import type { RateChoices } from '../../src/features/expenses/index.ts'
import type { CalendarDate } from '../../src/kernel/calendar-date.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import { type Choice, choiceInput, dateInput, mostInOption, textInput, typedDecimal } from './form-inputs.ts'
import { type FormSubject, fieldBlocks, textsOf } from './form-subject.ts'
import { shorten } from './text.ts'

/** What a drive is worked out from. */
export function mileageFields(subject: FormSubject, rates: RateChoices['mileage']): KnownBlock[] {
  const { expense, company, today } = subject
  const { drive, rate: texts } = textsOf(subject).forms
  const before = expense?.calculation?.kind === 'mileage' ? expense.calculation : null
  const options = rates.map(({ key, name, unit, rate }) => ({
    id: key,
    name: texts.mileage[unit](name, rateText(rate, company)),
  }))
  const chosen = before?.rateKey ?? options[0]?.id
  const unit = rates.find(({ key }) => key === (subject.rateKey ?? chosen))?.unit
  const place = (blockId: string, label: string, placeholder: string, initial: string | undefined) =>
    textInput(blockId, label, { initial, placeholder, most: 80, tellsUs: true })
  return [
    place(fieldBlocks.from, drive.from, drive.fromPlaceholder, before?.from),
    place(fieldBlocks.to, drive.to, drive.toPlaceholder, before?.to),
    textInput(fieldBlocks.distance, unit ? drive.distance[unit] : drive.distanceUnknown, {
      initial: before && typedDecimal(before.distance, company.locale),
      placeholder: drive.distancePlaceholder,
      hint: drive.distanceHint,
      most: 10,
      tellsUs: true,
    }),
    choiceInput(fieldBlocks.rateKey, texts.label, {
      options: withChosen(options, before),
      chosen,
      tellsUs: true,
    }),
    dateInput(fieldBlocks.date, drive.date, { initial: expense?.date ?? today, tellsUs: true }),
  ]
}

/** What days away are worked out from. */
export function perDiemFields(subject: FormSubject, rates: RateChoices['perDiem']): KnownBlock[] {
  const { expense, company } = subject
  const { stay, rate: texts } = textsOf(subject).forms
  const before = expense?.calculation?.kind === 'per_diem' ? expense.calculation : null
  const money = (amount: Money) => formatMoney(amount, company.locale)
  const options = rates.map(({ key, name, fullDay, travelDay }) => {
    const rate = texts.perDiem(money(fullDay), money(travelDay))
    // The menu cuts what is longer, and the amounts matter more.
    return { id: key, name: `${shorten(name, Math.max(20, mostInOption - rate.length))}${rate}` }
  })
  const chosen = before?.rateKey ?? options[0]?.id
  const day = (blockId: string, label: string, hint: string, initial: CalendarDate | undefined) =>
    dateInput(blockId, label, { initial, hint, tellsUs: true })
  const meals = (blockId: string, label: string, count: number | undefined, hint?: string) =>
    textInput(blockId, label, { initial: String(count ?? 0), hint, optional: true, most: 3, tellsUs: true })
  return [
    choiceInput(fieldBlocks.rateKey, texts.label, {
      options: withChosen(options, before),
      chosen,
      tellsUs: true,
    }),
    day(fieldBlocks.firstDay, stay.firstDay, stay.firstDayHint, before?.firstDay),
    day(fieldBlocks.lastDay, stay.lastDay, stay.lastDayHint, before?.lastDay),
    meals(fieldBlocks.breakfasts, stay.breakfasts, before?.provided.breakfast, stay.mealsHint),
    meals(fieldBlocks.lunches, stay.lunches, before?.provided.lunch),
    meals(fieldBlocks.dinners, stay.dinners, before?.provided.dinner),
  ]
}

/** `USD 0.725`: a rate may have more decimals than its currency. */
function rateText(rate: string, { currency, locale }: FormSubject['company']): string {
  const digits = rate.split('.')[1]?.length ?? 0
  return Number(rate).toLocaleString(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

/** A rate that was used and is offered no more stays to be seen. */
function withChosen(options: Choice[], before: { rateKey: string; rateName: string } | null): Choice[] {
  if (!before || options.some(({ id }) => id === before.rateKey)) return options
  return [{ id: before.rateKey, name: before.rateName }, ...options]
}
