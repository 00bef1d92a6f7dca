import { renderBlocks, text } from './blocks.js'
import { api, attempt, el, icon, toast } from './common.js'

/** The modal on the screen: one dialog, filled anew when the app opens, updates or pushes a view. */
export class Modal {
  constructor(page) {
    this.page = page
    this.dialog = undefined
    this.view = undefined
    this.depth = 0
    this.errors = {}
    /** What was entered, by view: it survives updates where block id and action id stay. */
    this.kept = new Map()
    /** The mouse, or a finger, is down in it. */
    this.isPressed = false
    /** What the app shows by now waits until it can be drawn. */
    this.waits = false
    addEventListener('pointerup', () => this.release())
    addEventListener('pointercancel', () => this.release())
  }

  /** Reads what is on this person's screen now. */
  async read() {
    const { view, depth } = await api('GET', 'views', { as: this.page.me.id })
    if (view === null) return this.hide()
    if (view.id === this.view?.id && view.hash === this.view.hash) return
    if (view.id !== this.view?.id) this.errors = {}
    this.view = view
    this.depth = depth
    this.draw()
  }

  hide() {
    for (const id of this.kept.keys()) this.stopTelling(id)
    this.view = undefined
    this.drawn = undefined
    this.waits = false
    this.errors = {}
    this.kept.clear()
    const { dialog } = this
    this.dialog = undefined
    dialog?.close()
    dialog?.remove()
  }

  /** Nothing is drawn anew under somebody's finger, a menu or a file on its way: what they do would be lost. */
  get isHeld() {
    return this.isPressed || this.dialog?.querySelector('.popup, .uploading') !== null
  }

  release() {
    this.isPressed = false
    setTimeout(() => {
      if (this.waits && !this.isHeld) this.draw()
    })
  }

  /** What was typed just now is not told any more: the form is gone, or tells it itself. */
  stopTelling(id) {
    for (const timer of this.kept.get(id)?.typing.values() ?? []) clearTimeout(timer)
  }

  draw() {
    const { view } = this
    this.waits = this.dialog !== undefined && this.drawn === view.id && this.isHeld
    if (this.waits) return
    this.drawn = view.id
    if (this.dialog === undefined) {
      this.dialog = el('dialog', { class: 'modal', 'aria-labelledby': 'modal-title' })
      this.dialog.addEventListener('cancel', (event) => {
        event.preventDefault()
        this.close(false)
      })
      this.dialog.addEventListener('pointerdown', () => {
        this.isPressed = true
      })
      this.dialog.addEventListener('released', () => this.release())
      document.body.append(this.dialog)
      this.dialog.showModal()
    }
    const focus = focused(this.dialog)
    const scroll = this.dialog.querySelector('.modal-body')?.scrollTop ?? 0
    const kept = this.kept.get(view.id) ?? {
      entered: {},
      labels: new Map(),
      fileNames: new Map(),
      typing: new Map(),
    }
    this.kept.set(view.id, kept)
    for (const [block, values] of Object.entries(view.entered ?? {}))
      kept.entered[block] = { ...values, ...kept.entered[block] }
    rememberLabels(view, kept.labels)
    const surface = {
      as: this.page.me.id,
      workspace: this.page.workspace,
      names: this.page.names,
      target: { on: 'modal' },
      goTo: this.page.goTo,
      errors: this.errors,
      onentered: (block) => this.clearError(block),
      ...kept,
    }
    const stacked = this.depth > 1
    this.dialog.replaceChildren(
      el(
        'form',
        {
          method: 'dialog',
          novalidate: true,
          onsubmit: (event) => {
            event.preventDefault()
            this.submit()
          },
        },
        el(
          'header',
          {},
          stacked &&
            el(
              'button',
              {
                type: 'button',
                class: 'icon-button',
                'aria-label': 'Back',
                onclick: () => this.close(false),
              },
              icon('back'),
            ),
          el('h2', { id: 'modal-title' }, text(view.title)),
          el(
            'button',
            { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => this.close(true) },
            icon('close'),
          ),
        ),
        el('div', { class: 'modal-body' }, renderBlocks(view.blocks, surface)),
        el(
          'footer',
          {},
          el(
            'button',
            { type: 'button', class: 'btn', onclick: () => this.close(false) },
            view.close ? text(view.close) : stacked ? 'Back' : 'Close',
          ),
          view.submit && el('button', { type: 'submit', class: 'btn primary submit' }, text(view.submit)),
        ),
      ),
    )
    this.dialog.querySelector('.modal-body').scrollTop = scroll
    restore(this.dialog, focus)
  }

  clearError(block) {
    if (this.errors[block] === undefined) return
    delete this.errors[block]
    const node = this.dialog.querySelector(`[data-block="${CSS.escape(block)}"]`)
    node?.classList.remove('has-error')
    node?.querySelector('.field-error')?.remove()
  }

  async submit() {
    const button = this.dialog.querySelector('.submit')
    if (button === null || button.disabled) return
    button.disabled = true
    button.classList.add('busy')
    const id = this.view.id
    this.stopTelling(id)
    try {
      const outcome = await api('POST', 'views/submit', {
        as: this.page.me.id,
        entered: this.kept.get(id)?.entered ?? {},
      })
      this.errors = outcome.kind === 'errors' ? outcome.errors : {}
      if (outcome.kind === 'errors') {
        this.draw()
        this.dialog.querySelector('.has-error :is(input, textarea, button)')?.focus()
        return
      }
      await this.read()
    } catch (error) {
      toast(error.message)
    }
    const again = this.dialog?.querySelector('.submit')
    if (again) {
      again.disabled = false
      again.classList.remove('busy')
    }
  }

  async close(all) {
    this.stopTelling(this.view?.id)
    await attempt(() => api('POST', 'views/close', { as: this.page.me.id, all }))
    await this.read()
  }
}

/** The shown texts of options already chosen, which an external select does not list. */
function rememberLabels(view, labels) {
  for (const actions of Object.values(view.state?.values ?? {})) {
    for (const state of Object.values(actions)) {
      for (const option of [state.selected_option, ...(state.selected_options ?? [])])
        if (option) labels.set(option.value, option.text.text)
      for (const file of state.files ?? []) labels.set(file.id, file.name)
    }
  }
}

/** Which input has the focus, by its ids and not by its place. */
function focused(dialog) {
  const node = document.activeElement
  if (!dialog.contains(node)) return undefined
  const block = node.closest('[data-block]')?.dataset.block
  const action = node.closest('[data-action]')?.dataset.action
  const typed = node.matches('input[type=text], textarea')
  return block === undefined
    ? undefined
    : {
        block,
        action,
        from: typed ? node.selectionStart : undefined,
        to: typed ? node.selectionEnd : undefined,
      }
}

function restore(dialog, focus) {
  if (focus === undefined) {
    dialog.querySelector('.modal-body :is(input:not([type=file]), textarea, .combo)')?.focus()
    return
  }
  const node = dialog.querySelector(
    `[data-block="${CSS.escape(focus.block)}"] [data-action="${CSS.escape(focus.action ?? '')}"]`,
  )
  node?.focus()
  if (focus.from !== undefined && focus.from !== null) node?.setSelectionRange?.(focus.from, focus.to)
}
