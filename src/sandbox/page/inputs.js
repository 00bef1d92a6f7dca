import { api, el } from './common.js'
import { fileInput } from './file-input.js'
import { combobox } from './widgets.js'

/**
 * The elements that hold a value. Each `make` gets the element, its value now, and `set(value, dispatch)`:
 * `dispatch` says that the app may want to hear of it at once.
 */
export function inputFor(element, value, context, set) {
  const make = makers[element.type]
  return make === undefined
    ? el('em', { class: 'unknown' }, `[${element.type}]`)
    : make(element, value, context, set)
}

/** Whether an element holds a value at all (buttons do not). */
export function holdsValue(element) {
  return makers[element.type] !== undefined
}

/** What an element shows before anybody touched it. */
export function initialValue(element) {
  const many =
    element.initial_options?.map((option) => option.value) ??
    element.initial_users ??
    element.initial_channels ??
    element.initial_conversations
  return (
    many ??
    element.initial_value ??
    element.initial_option?.value ??
    element.initial_date ??
    element.initial_time ??
    element.initial_date_time ??
    element.initial_user ??
    element.initial_channel ??
    element.initial_conversation ??
    null
  )
}

const makers = {
  plain_text_input: (element, value, context, set) => {
    const more = { maxlength: element.max_length }
    return element.multiline
      ? typed('textarea', { ...more, rows: 4 }, element, value, context, set)
      : typed('text', more, element, value, context, set)
  },
  number_input: (element, value, context, set) =>
    typed('text', { inputmode: 'decimal' }, element, value, context, set),
  email_text_input: (element, value, context, set) => typed('email', {}, element, value, context, set),
  url_text_input: (element, value, context, set) => typed('url', {}, element, value, context, set),
  datepicker: (element, value, context, set) => picker('date', element, value, context, set),
  timepicker: (element, value, context, set) => picker('time', element, value, context, set),
  datetimepicker: (element, value, context, set) =>
    picker('datetime-local', element, localTime(value), context, (next) =>
      set(next === null ? null : String(Math.floor(new Date(next).getTime() / 1000)), true),
    ),
  radio_buttons: (element, value, context, set) =>
    choices('radio', element, value === null ? [] : [value], context, (values) =>
      set(values[0] ?? null, true),
    ),
  checkboxes: (element, value, context, set) =>
    choices('checkbox', element, value ?? [], context, (values) => set(values, true)),
  file_input: fileInput,
  static_select: select,
  external_select: select,
  users_select: select,
  conversations_select: select,
  channels_select: select,
  multi_static_select: select,
  multi_external_select: select,
  multi_users_select: select,
  multi_conversations_select: select,
  multi_channels_select: select,
}

/**
 * An input that one types into. Where the block dispatches, the app hears of it by Enter, or when one pauses, as its
 * `dispatch_action_config` says.
 */
function typed(type, extra, element, value, context, set) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed']
  const tag = type === 'textarea' ? 'textarea' : 'input'
  return el(tag, {
    type: tag === 'input' ? type : undefined,
    ...extra,
    id: context.id,
    'aria-describedby': context.describedBy,
    placeholder: element.placeholder?.text,
    autofocus: element.focus_on_load,
    value: value ?? '',
    oninput: (event) => {
      set(event.target.value, false)
      if (context.dispatches && when.includes('on_character_entered')) context.typed()
    },
    onkeydown: (event) => {
      if (event.key !== 'Enter' || event.isComposing || !context.dispatches) return
      if (!when.includes('on_enter_pressed') || (tag === 'textarea' && event.shiftKey)) return
      // Enter belongs to the app here; it does not submit the form.
      event.preventDefault()
      set(event.target.value, true)
    },
  })
}

/** Seconds since 1970 as the browser's own field writes them. */
function localTime(seconds) {
  if (seconds === null || seconds === undefined) return ''
  const date = new Date(Number(seconds) * 1000)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function picker(type, element, value, context, set) {
  return el('input', {
    type,
    class: 'picker',
    id: context.id,
    'aria-describedby': context.describedBy,
    'aria-label': element.placeholder?.text ?? type,
    value: value ?? '',
    onchange: (event) => set(event.target.value || null, true),
  })
}

let groups = 0

function choices(type, element, values, context, set) {
  const name = `choice-${++groups}`
  const box = el('div', { class: 'choices', role: type === 'radio' ? 'radiogroup' : 'group', id: context.id })
  for (const option of element.options ?? []) {
    const input = el('input', { type, name, checked: values.includes(option.value), value: option.value })
    input.addEventListener('change', () =>
      set([...box.querySelectorAll('input:checked')].map((checked) => checked.value)),
    )
    box.append(
      el(
        'label',
        { class: 'choice' },
        input,
        el(
          'span',
          {},
          ...context.text(option.text),
          option.description && el('small', {}, ...context.text(option.description)),
        ),
      ),
    )
  }
  return box
}

function select(element, value, context, set) {
  const multiple = element.type.startsWith('multi_')
  const values = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value]
  const known = new Map([
    ...context.labels,
    ...optionsOf(element, context).map((item) => [item.value, item.label]),
  ])
  return combobox({
    id: context.id,
    describedBy: context.describedBy,
    placeholder: element.placeholder?.text ?? 'Select an option',
    values,
    labels: known,
    multiple,
    most: element.max_selected_items,
    clearable: context.optional,
    minQuery: element.type.endsWith('external_select') ? (element.min_query_length ?? 3) : 0,
    load: (query) => load(element, context, query),
    onchange: (chosen) => set(multiple ? chosen : (chosen[0] ?? null), true),
  })
}

/** What a select can offer without asking the app. */
function optionsOf(element, context) {
  const { people, channels } = context.workspace
  const asItem = (option, group) => ({
    value: option.value,
    label: context.plain(option.text),
    note: option.description && context.plain(option.description),
    group,
  })
  const inGroups = (element.option_groups ?? []).flatMap((group) =>
    group.options.map((option) => asItem(option, context.plain(group.label))),
  )
  const own = (element.options ?? []).map((option) => asItem(option))
  const initial = [element.initial_option, ...(element.initial_options ?? [])]
    .filter(Boolean)
    .map((option) => asItem(option))
  if (element.type.endsWith('users_select'))
    return people
      .filter((person) => !person.deleted)
      .map((person) => ({ value: person.id, label: person.name, note: person.title }))
  if (/(channels|conversations)_select$/.test(element.type))
    return channels.map((channel) => ({ value: channel.id, label: `#${channel.name}` }))
  if (element.type.endsWith('external_select')) return initial
  return [...own, ...inGroups]
}

async function load(element, context, query) {
  if (element.type.endsWith('external_select')) {
    const { options, groups: found } = await api('POST', 'suggestions', {
      ...context.target,
      as: context.as,
      actionId: element.action_id,
      blockId: context.blockId,
      query,
    })
    const groupOf = (option) =>
      found.find((group) => group.options.some((other) => other.value === option.value))?.label
    const items = options.map((option) => ({
      value: option.value,
      label: context.plain(option.text),
      note: option.description && context.plain(option.description),
      group: groupOf(option),
    }))
    for (const item of items) context.labels.set(item.value, item.label)
    return items
  }
  const wanted = query.toLowerCase()
  return optionsOf(element, context).filter((item) =>
    `${item.label} ${item.note ?? ''}`.toLowerCase().includes(wanted),
  )
}
