import { delegationBlocks } from '../../../templates/slack/delegation-modal.ts'
import { actions } from '../../../templates/slack/expense-parts.ts'
import { fieldBlocks } from '../../../templates/slack/form-subject.ts'
import { forms } from '../../../templates/slack/modals.ts'
import { rowPrefix } from '../../../templates/slack/several-modal.ts'
import {
  endForOther,
  openAdminByButton,
  openAdminByMenu,
  showAdmin,
  showAdminForm,
  showFound,
} from './admin/admin.ts'
import { submitAdminDelegation } from './admin/admin-delegate.ts'
import { lookUpForAdmin } from './admin/admin-look-up.ts'
import { removeEntry, submitAdmin, submitAdminSave } from './admin/admin-submit.ts'
import { runCommand } from './commands/commands.ts'
import { decidingAnywhere, openDetails } from './forms/decide-in-details.ts'
import { endInForm, openDelegation, submitDelegation } from './forms/delegation-form.ts'
import { openEditForm, submitEdit } from './forms/edit-form.ts'
import {
  lookUpCategories,
  lookUpColleagues,
  lookUpCostCentres,
  lookUpCurrencies,
  lookUpReasons,
} from './forms/look-up.ts'
import { openAnswerForm, openDecisionForm, openSeveral, openTwin, sendNewCode } from './forms/open-forms.ts'
import { openOwnDetails } from './forms/own-details.ts'
import { pressInForm } from './forms/press-in-form.ts'
import { openSettings, submitSettings } from './forms/settings-form.ts'
import { submitSeveral } from './forms/several.ts'
import { openStartForm, submitStart } from './forms/start-form.ts'
import { submitAnswer, submitDecision } from './forms/submit-forms.ts'
import { chooseMonth, openExport, openMonth, pressCloseMonth, submitExport } from './home/finance-forms.ts'
import { pressInHome, turnHomePage } from './home/home.ts'
import { openUnpaid, submitUnpaid, turnUnpaid } from './home/unpaid-form.ts'
import { storeMessage } from './intake/message-events.ts'
import { openHome } from './intake/receive-events.ts'
import { makeExpense } from './intake/receive-shortcut.ts'
import type { SlackChannel } from './slack-channel.ts'
import { AnsweringApp } from './transport/answering-app.ts'
import {
  type CommandRunner,
  type EventListener,
  inForm,
  type Menu,
  onCommand,
  onEvent,
  onMenu,
  onPress,
  onShortcut,
  onSubmit,
  opening,
  type Press,
  type Shortcut,
  type Submitter,
  storing,
} from './transport/listeners.ts'
import { receiveRevocation } from './workspaces/receive-revocation.ts'

/** What happens. `config/slack-manifest.yaml` asks Slack for it. */
export const events: Record<string, EventListener> = {
  message: storeMessage,
  app_mention: storeMessage,
  app_home_opened: openHome,
  app_uninstalled: receiveRevocation,
  tokens_revoked: receiveRevocation,
}

export const commands: Record<string, CommandRunner> = {
  '/expense': runCommand,
}

/** In the menu of a message. */
export const shortcuts: Record<string, Shortcut> = {
  make_expense: makeExpense,
}

/** The same button stands in App Home, in a form and below a message. */
const pressAnywhere: Press = async (slack, pressed, action) => {
  const { view } = pressed
  if (view?.type === 'home') await pressInHome(slack, action)
  else if (view) await endInForm(slack, action, view)
  else await storing(slack, pressed, action)
}

/** Buttons: stored and worked on afterwards; opening a form; or filling anew the form that they stand in. */
const presses: Record<string, Press> = {
  [actions.submit]: storing,
  [actions.discard]: storing,
  [actions.takeBack]: storing,
  [actions.approve]: decidingAnywhere(storing),
  [actions.undo]: storing,
  [actions.oneEach]: storing,
  [actions.together]: storing,
  [actions.addToExpense]: storing,
  [actions.addToOther]: storing,
  [actions.addToThird]: storing,
  [actions.confirm]: storing,
  [actions.confirmOther]: storing,
  [actions.confirmThird]: storing,
  [actions.confirmAll]: storing,
  [actions.chooseCategory]: storing,

  [actions.edit]: opening(openEditForm),
  [actions.complete]: opening(openEditForm),
  [actions.answer]: opening(openAnswerForm),
  [actions.approveByCode]: decidingAnywhere(opening(openDecisionForm)),
  [actions.reject]: decidingAnywhere(opening(openDecisionForm)),
  [actions.sendBack]: decidingAnywhere(opening(openDecisionForm)),
  [actions.ask]: decidingAnywhere(opening(openDecisionForm)),
  [actions.details]: openDetails,
  [actions.several]: opening(openSeveral),
  [actions.twin]: opening(openTwin),
  [actions.startRequest]: opening(openStartForm),
  [actions.startMileage]: opening(openStartForm),
  [actions.startPerDiem]: opening(openStartForm),
  [actions.delegate]: opening(openDelegation),

  [actions.split]: inForm(pressInForm),
  [actions.addPart]: inForm(pressInForm),
  [actions.endSplit]: inForm(pressInForm),
  [actions.newCode]: inForm(sendNewCode),

  [actions.startReceipt]: opening(openStartForm),
  [actions.settings]: opening(openSettings),
  [actions.ownDetails]: opening(openOwnDetails),
  [actions.financeMonth]: opening(openMonth),
  [actions.financeUnpaid]: opening(openUnpaid),
  [actions.financeExport]: opening(openExport),
  [actions.chooseMonth]: inForm(chooseMonth),
  [actions.closeMonth]: inForm(pressCloseMonth),
  [actions.unpaidMore]: inForm(turnUnpaid),
  [actions.unpaidBack]: inForm(turnUnpaid),
  [actions.homeMore]: turnHomePage,
  [actions.homeBack]: turnHomePage,

  [actions.adminPeople]: opening(openAdminByButton),
  [actions.adminPolicies]: opening(openAdminByButton),
  [actions.adminCategories]: opening(openAdminByButton),
  [actions.adminAssignments]: opening(openAdminByButton),
  [actions.adminDelegations]: opening(openAdminByButton),
  [actions.adminCompany]: opening(openAdminByButton),
  [actions.adminMore]: opening(openAdminByMenu),
  [actions.adminShow]: inForm(showAdmin),
  [actions.adminBack]: inForm(showAdmin),
  [actions.adminEarlier]: inForm(showAdmin),
  [actions.adminLater]: inForm(showAdmin),
  [actions.adminAdd]: inForm(showAdminForm),
  [actions.adminAddStranger]: inForm(showAdminForm),
  [actions.adminChange]: inForm(showAdminForm),
  [actions.adminRemove]: removeEntry,
  [actions.adminEnd]: inForm(endForOther),

  [actions.close]: pressAnywhere,
  [actions.endDelegation]: pressAnywhere,
  // Slack follows the link by itself.
  [actions.openHome]: async () => {},
  [actions.openMessage]: async () => {},
}

/** Inputs that say when something was typed or chosen: the form of an expense says what follows from it. */
const inputs: { block_id: RegExp; press: Press }[] = [
  { block_id: /^admin\.find\./, press: showFound },
  // What is ticked counts when the form is submitted.
  { block_id: new RegExp(`^${rowPrefix}`), press: async () => {} },
  { block_id: new RegExp(`^(${Object.values(fieldBlocks).join('|')})$`), press: inForm(pressInForm) },
  { block_id: /^shares\.\d+\.(categoryId|amount|costCentre)$/, press: inForm(pressInForm) },
]

/** Forms, by what submitting them does. */
const submits: Record<string, Submitter> = {
  [forms.edit]: submitEdit,
  [forms.start]: submitStart,
  [forms.answer]: submitAnswer,
  [forms.decide]: submitDecision,
  [forms.several]: submitSeveral,
  [forms.delegate]: submitDelegation,
  [forms.admin]: submitAdmin,
  [forms.adminSave]: submitAdminSave,
  // Closes all of them, also the list below.
  [forms.adminDone]: async () => ({ response_action: 'clear' }),
  [forms.adminDelegate]: submitAdminDelegation,
  [forms.settings]: submitSettings,
  [forms.unpaid]: submitUnpaid,
  [forms.exportMonth]: submitExport,
}

/** Menus that we fill while somebody types. */
const menus: Menu[] = [
  { block: /^admin\./, lookUp: lookUpForAdmin },
  { block: delegationBlocks.delegate, lookUp: lookUpColleagues },
  { block: /costCentre$/, lookUp: lookUpCostCentres },
  { block: /^category$|\.categoryId$/, lookUp: lookUpCategories },
  { block: fieldBlocks.reason, lookUp: lookUpReasons },
  { block: fieldBlocks.currency, lookUp: lookUpCurrencies },
]

/**
 * Who listens to what Slack delivers, by whichever transport. Events and decisions are stored, acknowledged, then worked
 * on; what opens a form opens it, is acknowledged, then fills it; submitted forms run the use case and are acknowledged
 * after its commit. A crash before the commit leaves Slack unanswered, and Slack delivers again.
 */
export function createSlackApp(slack: SlackChannel): AnsweringApp {
  const app = new AnsweringApp((teamId) => slack.workspaces.isOurs(teamId))
  for (const [type, listen] of Object.entries(events)) onEvent(app, slack, type, listen)
  for (const [name, run] of Object.entries(commands)) onCommand(app, slack, name, run)
  for (const [callbackId, run] of Object.entries(shortcuts)) onShortcut(app, slack, callbackId, run)
  for (const [actionId, press] of Object.entries(presses)) onPress(app, slack, { action_id: actionId }, press)
  for (const { block_id, press } of inputs) onPress(app, slack, { block_id, action_id: 'value' }, press)
  for (const [callbackId, submit] of Object.entries(submits)) onSubmit(app, slack, callbackId, submit)
  for (const menu of menus) onMenu(app, slack, menu)
  return app
}
