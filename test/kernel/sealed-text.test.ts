import { expect, test } from 'vitest'
import { seal, unseal } from '../../src/kernel/sealed-text.ts'

const key = 'a'.repeat(32)

test('what was sealed is read with the same key', async () => {
  const sealed = await seal('DE89370400440532013000', key)
  expect(sealed).not.toContain('DE89')
  expect(await unseal(sealed, key)).toBe('DE89370400440532013000')
})

test('the same text is never sealed the same way twice', async () => {
  expect(await seal('x', key)).not.toBe(await seal('x', key))
})

test('another key reads nothing, and a changed text is refused', async () => {
  const sealed = await seal('DE89370400440532013000', key)
  await expect(unseal(sealed, 'b'.repeat(32))).rejects.toMatchObject({ code: 'sealed_text_unreadable' })
  const parts = sealed.split('.')
  const changed = parts.with(3, `${parts[3]?.startsWith('A') ? 'B' : 'A'}${parts[3]?.slice(1)}`).join('.')
  await expect(unseal(changed, key)).rejects.toMatchObject({ code: 'sealed_text_unreadable' })
  await expect(unseal('DE89370400440532013000', key)).rejects.toMatchObject({
    code: 'sealed_text_unreadable',
  })
})
