import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import { TextArray } from '../../database/index.ts'
import type { CalendarDate } from '../../kernel/calendar-date.ts'

export const Company = defineEntity({
  name: 'Company',
  properties: {
    id: p.uuid().primary(),
    name: p.string(),
    currency: p.string(),
    timeZone: p.string(),
    locale: p.string(),
    intakeAddress: p.string().strictNullable(),
    /** How long a decision can be taken back; 0: never. */
    rollbackHours: p.integer(),
    /** When people work, each in their own time zone: `HH:MM`. */
    workingDays: p.array().$type<Weekday[]>(),
    workFrom: p.string(),
    workTo: p.string(),
    /** Whose public holidays are kept, such as `US` or `DE-BY`; null: none. */
    holidays: p.string().strictNullable(),
    /** After so many working days whoever is asked is reminded, or the next one up is asked; 0: never. */
    remindAfterDays: p.float(),
    escalateAfterDays: p.float(),
    /** Above this (minor units) an approver proves first that it is them; null: never. */
    stepUpOverMinor: p.bigint('number').strictNullable(),
    /** By how much the expenses that draw on a request to spend may exceed it. */
    requestTolerancePercent: p.integer(),
    /** When more requests than this wait for somebody, they get a digest in place of a card each; 0: never. */
    digestOver: p.integer(),
    createdAt: p.datetime(),
  },
})
export type Company = InferEntity<typeof Company>

export const Team = defineEntity({
  name: 'Team',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    name: p.string(),
    companyWide: p.boolean(),
  },
})

export const Level = defineEntity({
  name: 'Level',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    rank: p.integer(),
    name: p.string(),
    teamId: p.uuid().strictNullable(),
  },
})

export const Person = defineEntity({
  name: 'Person',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    name: p.string(),
    email: p.string(),
    teamId: p.uuid().strictNullable(),
    levelRank: p.integer().strictNullable(),
    managerId: p.uuid().strictNullable(),
    roles: p.array().$type<Role[]>(),
    slackTeamId: p.string().strictNullable(),
    slackUserId: p.string().strictNullable(),
    /** The language of their Slack, as BCP 47 names it. */
    slackLocale: p.string().strictNullable(),
    /** When Slack said so. */
    slackLocaleAt: p.datetime().strictNullable(),
    timeZone: p.string().strictNullable(),
    /** Where their holidays are others than the company's. */
    holidays: p.string().strictNullable(),
    /** The secret of their authenticator app, encrypted, and the time step of the last code that was used (RFC 6238). */
    authenticatorSealed: p.string().strictNullable(),
    authenticatorUsedStep: p.bigint('number').strictNullable(),
    /** The account that is reimbursed: encrypted, and its last four characters to recognise it by. */
    ibanSealed: p.string().strictNullable(),
    ibanTail: p.string().strictNullable(),
    active: p.boolean(),
    createdAt: p.datetime(),
  },
})
export type Person = InferEntity<typeof Person>

export const Category = defineEntity({
  name: 'Category',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    key: p.string(),
    name: p.string(),
    keywords: p.type(TextArray),
    position: p.integer(),
    active: p.boolean(),
  },
})
export type Category = InferEntity<typeof Category>

export const Reason = defineEntity({
  name: 'Reason',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    key: p.string(),
    name: p.string(),
    position: p.integer(),
    active: p.boolean(),
  },
})
export type Reason = InferEntity<typeof Reason>

/** A team a person belongs to beside their home team. */
export const TeamMember = defineEntity({
  name: 'TeamMember',
  properties: {
    companyId: p.uuid(),
    teamId: p.uuid().primary(),
    personId: p.uuid().primary(),
  },
})

/** Who approves a category, where a step asks for that; for the submitters of one team, or of all. */
export const Assignment = defineEntity({
  name: 'Assignment',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    categoryId: p.uuid(),
    teamId: p.uuid().strictNullable(),
    personId: p.uuid(),
  },
})

/** A Slack user whom nobody added, and for whom the admins were asked. */
export const AccessRequest = defineEntity({
  name: 'AccessRequest',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    slackTeamId: p.string(),
    slackUserId: p.string(),
    name: p.string().strictNullable(),
    email: p.string().strictNullable(),
    createdAt: p.datetime(),
  },
})

/** What an expense, or a part of it, is booked to. Expenses carry the code. */
export const CostCentre = defineEntity({
  name: 'CostCentre',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    code: p.string(),
    name: p.string(),
    active: p.boolean(),
    position: p.integer(),
  },
})
export type CostCentre = InferEntity<typeof CostCentre>

/** Somebody decides in the place of somebody else, from one day to another, both included. */
export const Delegation = defineEntity({
  name: 'Delegation',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    principalId: p.uuid(),
    delegateId: p.uuid(),
    fromDate: p.date().$type<CalendarDate>(),
    toDate: p.date().$type<CalendarDate>(),
    /** The same as instants, in the principal's time zone: it holds from `startsAt` until just before `endsAt`. */
    startsAt: p.datetime(),
    endsAt: p.datetime(),
    /** Only for what is worth no more than this, in minor units of the company's currency; null: for everything. */
    upToMinor: p.bigint('number').strictNullable(),
    /** null: by an organisation file. */
    createdBy: p.uuid().strictNullable(),
    createdAt: p.datetime(),
    /** Set when somebody ended it early. */
    endedBy: p.uuid().strictNullable(),
    endedAt: p.datetime().strictNullable(),
    /** The last of its turns that was passed on: each is told once. */
    turn: p.string().$type<DelegationTurn>().strictNullable(),
  },
})

/** How a person wants to hear of things. Without a row: as `preferencesOf` says. */
export const Preference = defineEntity({
  name: 'Preference',
  properties: {
    personId: p.uuid().primary(),
    companyId: p.uuid(),
    /** BCP 47; null: as Slack says, else as the company. */
    locale: p.string().strictNullable(),
    notifyBy: p.string().$type<'slack' | 'mail' | 'both'>(),
    /** `HH:MM` in their time zone, both or neither: nothing new is sent meanwhile. It may go over midnight. */
    quietFrom: p.string().strictNullable(),
    quietTo: p.string().strictNullable(),
    /** In place of the company's `digestOver`. */
    digestOver: p.integer().strictNullable(),
    updatedAt: p.datetime(),
  },
})
export type Preference = InferEntity<typeof Preference>

export type DelegationTurn = 'made' | 'begins' | 'ended' | 'called_off'
export type Delegation = InferEntity<typeof Delegation>

export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday'

/** What a person may do besides posting expenses of their own, which everybody may. */
export type Role = 'employee' | 'manager' | 'finance' | 'admin'
