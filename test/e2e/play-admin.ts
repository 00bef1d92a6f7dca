import {
  type InputValue,
  type SandboxClient,
  type ShownView,
  type SubmitOutcome,
  shownButtons,
} from '../../src/sandbox/client.ts'
import { Person, said } from './play.ts'

/** An admin at work in the forms by which the organisation is changed. */
export class Admin extends Person {
  readonly #slack: () => SandboxClient

  constructor(email: string, slack: () => SandboxClient) {
    super(email, slack)
    this.#slack = slack
  }

  /** Opens a list from App Home: by its button, or from the menu of those that have none. */
  async list(name: string, words: string | RegExp): Promise<ShownView> {
    const hasButton = shownButtons(await this.home('Admin')).some((one) => one.actionId === `admin.${name}`)
    await this.pressAtHome(hasButton ? `admin.${name}` : 'admin.more', name)
    return this.formSaying(words)
  }

  /** Opens the form of the entry that a list shows with these words. */
  async change(words: string): Promise<ShownView> {
    const view = await this.#view()
    const block = view.blocks.find((one) => said({ blocks: [one] }).includes(words) && one.accessory)
    if (!block) throw new Error(`the list does not show “${words}”: ${said(view)}`)
    await this.press('admin.change', { blockId: block.block_id ?? '' })
    return this.form('admin.change')
  }

  /** Opens the form of a new entry. */
  async add(section: string): Promise<ShownView> {
    await this.press('admin.add', { value: section })
    return this.#slack().waitFor(
      async () => {
        const view = await this.#view()
        return view.callback_id?.startsWith('admin.') && view
      },
      { what: `the form of a new entry of ${section}` },
    )
  }

  /** Types into the form on the screen, by field, and goes on. */
  async goOn(view: ShownView, values: Record<string, InputValue>): Promise<SubmitOutcome> {
    const named = Object.entries(values).map(([field, value]) => [blockOf(view, field), value])
    return this.submitForm(Object.fromEntries(named))
  }

  /** The errors at the fields of a form that was not accepted. */
  async errors(view: ShownView, values: Record<string, InputValue>): Promise<Record<string, string>> {
    const outcome = await this.goOn(view, values)
    if (outcome.kind !== 'errors')
      throw new Error(`it was accepted: ${JSON.stringify(outcome).slice(0, 300)}`)
    return Object.fromEntries(
      Object.entries(outcome.errors).map(([block, error]) => [
        block.split('.').slice(1, -1).join('.'),
        error,
      ]),
    )
  }

  /** Goes on, reads what would change, saves it, and waits until it is saved. Answers with what was shown before. */
  async save(view: ShownView, values: Record<string, InputValue>): Promise<string> {
    const outcome = await this.goOn(view, values)
    if (outcome.kind !== 'view') throw new Error(`not accepted: ${JSON.stringify(outcome).slice(0, 500)}`)
    const shown = said(await this.form('admin.save'))
    await this.submitForm({})
    await this.formSaying('Saved.')
    return shown
  }

  /** Searches the list on the screen, and opens the form of what is found first. */
  async find(typed: string): Promise<ShownView> {
    const view = await this.#view()
    const block = view.blocks.find(({ block_id }) => block_id?.startsWith('admin.find.'))
    const blockId = block?.block_id ?? ''
    const [found] = await this.suggest(blockId, typed)
    await this.press('value', { blockId, value: found?.value ?? '' })
    return this.form('admin.change')
  }

  /** Goes to another list. */
  async goTo(screen: string): Promise<void> {
    const view = await this.#view()
    const block = view.blocks.find(({ block_id }) => block_id?.startsWith('admin.go.'))
    await this.press('admin.show', { blockId: block?.block_id ?? '', value: screen })
  }

  /** What a menu of the form offers. */
  async offered(view: ShownView, field: string, typed: string): Promise<{ text: string; value: string }[]> {
    return this.suggest(blockOf(view, field), typed)
  }

  async #view(): Promise<ShownView> {
    const view = await this.#slack().openView(this.email)
    if (!view) throw new Error('no form is open')
    return view
  }
}

/** The block of a field: `admin.name.k3x` for `name`. */
export function blockOf(view: ShownView, field: string): string {
  const block = view.blocks.find(({ block_id }) => block_id?.startsWith(`admin.${field}.`))
  if (!block?.block_id) throw new Error(`the form does not ask for ${field}`)
  return block.block_id
}

export function optionNamed(view: ShownView, field: string, name: string): string {
  const block = view.blocks.find(({ block_id }) => block_id === blockOf(view, field))
  const option = block?.element?.options?.find(({ text }) => text.text.includes(name))
  if (!option?.value) throw new Error(`${field} does not offer “${name}”`)
  return option.value
}
