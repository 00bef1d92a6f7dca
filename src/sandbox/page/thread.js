import { api, el, icon } from './common.js'
import { composer } from './composer.js'
import { title } from './conversation-top.js'
import { showMessages } from './messages.js'

/** The pane beside the messages: one message, and what was replied. */
export class Thread {
  constructor(page, panel) {
    this.page = page
    this.panel = panel
    this.ts = undefined
    this.count = 0
    /** Whether the newest reply is in view; then it stays there. */
    this.atEnd = true
  }

  async open(ts) {
    const { page, panel } = this
    this.ts = ts
    this.count = 0
    this.atEnd = true
    page.remember()
    panel.hidden = false
    document.body.classList.add('thread-open')
    const box = composer({
      me: page.me,
      channel: page.channel,
      threadTs: ts,
      placeholder: 'Reply…',
      commands: [],
      workspace: page.workspace,
      dropOn: panel,
    })
    panel.replaceChildren(
      el(
        'header',
        { class: 'top-row' },
        el('h2', {}, 'Thread'),
        el('span', { class: 'topic' }, title(page)),
        el(
          'button',
          {
            type: 'button',
            class: 'icon-button',
            'aria-label': 'Close the thread',
            onclick: () => this.close(),
          },
          icon('close'),
        ),
      ),
      el('div', { class: 'content' }, el('div', { class: 'messages', role: 'log', 'aria-label': 'Thread' })),
      el('footer', { class: 'composer-place' }, box.node),
    )
    // Pictures arrive later and push the end down.
    const place = panel.querySelector('.content')
    place.addEventListener('load', () => this.atEnd && this.toEnd(), true)
    place.addEventListener('scroll', () => {
      this.atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 80
    })
    await this.read()
    if (matchMedia('(hover: hover)').matches) box.focus()
  }

  close() {
    if (this.ts === undefined) return
    this.ts = undefined
    document.body.classList.remove('thread-open')
    this.panel.hidden = true
    if (this.page.channel) this.page.remember()
  }

  async read() {
    const { page, ts } = this
    if (ts === undefined) return
    const { messages } = await api('GET', 'messages', {
      as: page.me.id,
      channel: page.channel.id,
      thread: ts,
    })
    if (this.ts !== ts) return
    const list = this.panel.querySelector('.messages')
    const isMore = messages.length > this.count
    this.count = messages.length
    showMessages(list, messages, { ...page, inThread: true })
    // New replies are brought into view, and a reply that grew stays in view.
    if (isMore || this.atEnd) this.toEnd()
  }

  toEnd() {
    const place = this.panel.querySelector('.content')
    place.scrollTop = place.scrollHeight
  }
}
