import type { Block, Element } from './shapes.ts'

/** Anything that carries blocks: a message, a modal, a home. */
export interface Blocky {
  text?: string | undefined
  blocks?: Block[] | undefined
  attachments?: { blocks?: Block[] | undefined; text?: string | undefined }[] | undefined
}

/** A button as a person sees it. */
export interface ShownButton {
  actionId: string
  blockId: string
  text: string
  value: string
  url: string
}

/** All blocks that are shown, those inside attachments included. */
export function allBlocks(shown: Blocky): Block[] {
  return [
    ...(shown.blocks ?? []),
    ...(shown.attachments ?? []).flatMap((attachment) => attachment.blocks ?? []),
  ]
}

/** The elements of a block that a person can use. */
export function elementsOf(block: Block): Element[] {
  const inRow = block.type === 'actions' ? (block.elements ?? []) : []
  return [block.accessory, block.element, ...inRow]
    .filter((element) => element !== undefined)
    .filter((element) => element.action_id !== undefined)
}

/** Every text that a person can read, one line each. Without blocks it is the message's text. */
export function shownText(shown: Blocky): string {
  const lines: string[] = []
  const blocks = allBlocks(shown)
  if (blocks.length === 0) return shown.text ?? ''
  for (const block of blocks) collect(block, lines)
  return lines.join('\n')
}

/** The buttons that are shown now, in order. */
export function shownButtons(shown: Blocky): ShownButton[] {
  return allBlocks(shown).flatMap((block) =>
    elementsOf(block)
      .filter((element) => element.type === 'button')
      .map((element) => ({
        actionId: element.action_id ?? '',
        blockId: block.block_id ?? '',
        text: textOf(element.text),
        value: element.value ?? '',
        url: element.url ?? '',
      })),
  )
}

/** The words of a text object or a bare string. */
export function textOf(text: string | { text: string } | undefined): string {
  return typeof text === 'string' ? text : (text?.text ?? '')
}

const readable = ['text', 'title', 'label', 'hint', 'fields', 'elements', 'accessory', 'element', 'options']

function collect(value: unknown, lines: string[]): void {
  if (typeof value === 'string') lines.push(value)
  else if (Array.isArray(value)) for (const item of value) collect(item, lines)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) if (readable.includes(key)) collect(inner, lines)
  }
}
