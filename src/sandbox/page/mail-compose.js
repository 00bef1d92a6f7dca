import { api, attempt, el, icon, sizeOf, toast } from './common.js'

/** The form to write a mail as `me`, or to answer one; it goes to the program's intake. */
export function compose(workspace, me, answered) {
  const files = []
  const from = el(
    'select',
    { required: true, id: 'mail-from' },
    workspace.people
      .filter((person) => !person.deleted)
      .map((person) =>
        el(
          'option',
          { value: person.email, selected: person.email === me?.email },
          `${person.name} <${person.email}>`,
        ),
      ),
  )
  const to = el('input', {
    type: 'email',
    required: true,
    id: 'mail-to',
    value: answered?.from ?? workspace.intake.address,
  })
  const subject = el('input', {
    type: 'text',
    id: 'mail-subject',
    value: answered ? `Re: ${answered.subject.replace(/^(re:\s*)+/i, '')}` : '',
  })
  const words = el('textarea', { rows: 7, id: 'mail-words' })
  const chips = el('div', { class: 'chips' })
  const chooser = el('input', { type: 'file', multiple: true, id: 'mail-files', class: 'visually-hidden' })
  chooser.addEventListener('change', () => {
    files.push(...chooser.files)
    chips.replaceChildren(
      ...files.map((file) =>
        el(
          'div',
          { class: 'file-chip' },
          icon('file'),
          el('span', {}, el('b', {}, file.name), el('small', {}, sizeOf(file.size))),
        ),
      ),
    )
  })
  const field = (label, input) =>
    el('div', { class: 'block block-input' }, el('label', { for: input.id }, label), input)
  const dialog = el('dialog', { class: 'modal', onclose: () => dialog.remove() })
  const send = async (event) => {
    event.preventDefault()
    const encoded = await Promise.all(
      files.map(async (file) => ({
        name: file.name,
        mediaType: file.type || undefined,
        base64: await base64(file),
      })),
    )
    const draft = {
      from: from.value,
      to: to.value,
      subject: subject.value,
      text: words.value,
      files: encoded,
      inReplyTo: answered?.messageId,
    }
    const sent = await attempt(() => api('POST', 'mails', draft))
    if (sent === undefined) return
    dialog.close()
    toast('Sent.', 'done')
  }
  dialog.append(
    el(
      'form',
      { onsubmit: send },
      el(
        'header',
        {},
        el('h2', {}, answered ? 'Reply' : 'Write a mail'),
        el(
          'button',
          { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => dialog.close() },
          icon('close'),
        ),
      ),
      el(
        'div',
        { class: 'modal-body' },
        field('From', from),
        field('To', to),
        field('Subject', subject),
        field('Text', words),
        el(
          'div',
          { class: 'block' },
          chooser,
          el('label', { for: 'mail-files', class: 'drop-zone' }, icon('clip'), 'Attach files'),
          chips,
        ),
      ),
      el(
        'footer',
        {},
        el('button', { type: 'button', class: 'btn', onclick: () => dialog.close() }, 'Cancel'),
        el('button', { type: 'submit', class: 'btn primary' }, 'Send'),
      ),
    ),
  )
  document.body.append(dialog)
  dialog.showModal()
  ;(answered ? words : subject).focus()
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
