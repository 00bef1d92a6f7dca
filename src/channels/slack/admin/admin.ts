import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { type AdminScreen, adminScreens, adminSections } from '../../../../templates/slack/admin-fields.ts'
import { adminFormModal } from '../../../../templates/slack/admin-form.ts'
import { adminListModal, findPrefix, goPrefix } from '../../../../templates/slack/admin-list.ts'
import { actions } from '../../../../templates/slack/expense-parts.ts'
import type { Words } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import { endDelegation, type Reader, requireAdmin } from '../../../features/people/index.ts'
import { fillAgain, openAndFill } from '../forms/fill-forms.ts'
import {
  type ActionDelivery,
  type BlockActions,
  idOf,
  inputOf,
  type PressedView,
  type SlackUser,
} from '../payloads.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { adminForm, type FormAsked, strangerForm } from './admin-forms.ts'
import { adminList } from './admin-lists.ts'

const screenSchema = z.enum(adminScreens)
const sectionSchema = z.enum(adminSections)
const isId = (text: string) => z.uuid().safeParse(text).success

/** Opens a list of what admins can change, or the form of what is no list. */
async function openAdmin(
  slack: SlackChannel,
  triggerId: string,
  { who, section }: { who: SlackUser; section: AdminScreen },
): Promise<void> {
  const fill = (tx: Tx, reader: Reader) => screenView(tx, reader, { screen: section, page: 0 })
  await openAndFill(slack, triggerId, { who, title: titleOf(section), fill })
}

/** A button of App Home, named `admin.` and its list. With the id of a request for access it adds whoever asked. */
export async function openAdminByButton(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  const section = screenSchema.catch('people').parse(action.actionId.replace(/^admin\./, ''))
  if (section !== 'people' || !isId(action.value)) {
    await openAdmin(slack, triggerId, { who: action, section })
    return
  }
  await openAndFill(slack, triggerId, {
    who: action,
    title: titleOf(section),
    fill: (tx, reader) => strangerView(tx, reader, action.value),
  })
}

/** The menu of App Home with the lists that have no button there. */
export async function openAdminByMenu(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  const section = screenSchema.catch('people').parse(action.value)
  await openAdmin(slack, triggerId, { who: action, section })
}

const titleOf = (screen: AdminScreen) => (words: Words) => words.admin.screens[screen]

/** What stands on a screen: its list, or the settings of the company. */
export async function screenView(
  tx: Tx,
  reader: Reader,
  { screen, page }: { screen: AdminScreen; page: number },
): Promise<ModalView> {
  return screen === 'company'
    ? adminFormModal(await adminForm(tx, reader, { section: 'company', id: 'company' }))
    : adminListModal(await adminList(tx, reader, { screen, page }))
}

async function formView(tx: Tx, reader: Reader, asked: FormAsked): Promise<ModalView> {
  return adminFormModal(await adminForm(tx, reader, asked))
}

async function strangerView(tx: Tx, reader: Reader, id: string): Promise<ModalView> {
  return adminFormModal(await strangerForm(tx, reader, id))
}

/** Goes to a list from another one, from a form, or to another of its pages. */
export async function showAdmin(
  slack: SlackChannel,
  action: ActionDelivery,
  view: PressedView,
): Promise<void> {
  const menus = Object.entries(view.state.values).filter(([block]) => block.startsWith(goPrefix))
  const chosen = menus[0]?.[1][actions.adminShow]?.selected_option?.value
  const asked = action.actionId === actions.adminShow ? (chosen ?? '') : action.value
  const [name = '', number = '0'] = asked.split(' ')
  const screen = screenSchema.catch('people').parse(name)
  await fillAgain(slack, view, {
    who: action,
    title: titleOf(screen),
    fill: (tx, reader) => screenView(tx, reader, { screen, page: Number.parseInt(number, 10) || 0 }),
  })
}

/**
 * Shows the form of an entry in the place of its list; that of a new one; or that of somebody who asked for access. A third
 * word asks for the text of what could be changed by amounts.
 */
export async function showAdminForm(
  slack: SlackChannel,
  action: ActionDelivery,
  view: PressedView,
): Promise<void> {
  const [name = '', id = null, face] = action.value.split(' ')
  const isStranger = action.actionId === actions.adminAddStranger
  const section = isStranger ? 'people' : sectionSchema.catch('people').parse(name)
  await fillAgain(slack, view, {
    who: action,
    title: (words) => words.admin.title,
    fill: (tx, reader) =>
      isStranger
        ? strangerView(tx, reader, action.value)
        : formView(tx, reader, { section, id, asText: face === 'text' }),
  })
}

/** Shows the form of what was found in the menu of a list: its option says which entry of which section. */
export async function showFound(
  slack: SlackChannel,
  pressed: BlockActions,
  action: ActionDelivery,
): Promise<void> {
  const { view } = pressed
  if (!view) return
  const blocks = Object.keys(view.state.values).filter((block) => block.startsWith(findPrefix))
  const value = blocks.map((block) => inputOf({ view }, block)).find((one) => one !== undefined)
  if (value !== undefined) await showAdminForm(slack, { ...action, value }, view)
}

/** Ends somebody's delegation, and shows what is left. */
export async function endForOther(
  slack: SlackChannel,
  action: ActionDelivery,
  view: PressedView,
): Promise<void> {
  await fillAgain(slack, view, {
    who: action,
    title: titleOf('delegations'),
    fill: async (tx, reader) => {
      await requireAdmin(tx)
      await endDelegation(tx, idOf(action.value))
      // The list is read from the database.
      await tx.em.flush()
      return screenView(tx, reader, { screen: 'delegations', page: 0 })
    },
  })
}
