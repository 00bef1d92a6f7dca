import { renderBlocks } from './blocks.js'
import { api, el } from './common.js'

/** The app's Home tab, drawn anew whenever the app publishes it. */
export class Home {
  constructor(page, place) {
    this.page = page
    this.place = place
    /** What was entered and not sent, by person. */
    this.kept = new Map()
  }

  async read() {
    const { page, place } = this
    const { me } = page
    const { view } = await api('GET', 'home', { as: me.id })
    if (page.tab !== 'home' || page.me !== me) return
    const scroll = place.scrollTop
    place.replaceChildren(el('div', { class: 'home' }, view === null ? this.nothing() : this.blocks(view)))
    place.scrollTop = scroll
  }

  nothing() {
    const { bot } = this.page.workspace
    return el(
      'div',
      { class: 'empty' },
      el('h3', {}, 'Nothing here yet'),
      el('p', {}, `${bot.name} will fill this page in a moment.`),
    )
  }

  blocks(view) {
    const { page } = this
    const kept = this.kept.get(page.me.id) ?? { entered: {}, labels: new Map(), fileNames: new Map() }
    this.kept.set(page.me.id, kept)
    return renderBlocks(view.blocks, {
      as: page.me.id,
      workspace: page.workspace,
      names: page.names,
      target: { on: 'home' },
      ...kept,
    })
  }
}
