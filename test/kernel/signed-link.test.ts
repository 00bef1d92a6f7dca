import { expect, test } from 'vitest'
import { parseLinkKeys, readLink, signLink } from '../../src/kernel/signed-link.ts'

const secret = (letter: string) => letter.repeat(32)
const now = new Date('2026-11-20T12:00:00Z')
const tomorrow = new Date('2026-11-21T12:00:00Z')
const old = parseLinkKeys(`k1:${secret('a')}`)
const sign = (keys = old) => signLink(keys, 'approval', { approval: 'x' }, tomorrow)

test('says what was signed, until it expires, and still whose it was afterwards', async () => {
  const token = await sign()
  expect(await readLink(old, 'approval', token, now)).toMatchObject({
    state: 'valid',
    claims: { approval: 'x' },
  })
  const late = new Date('2026-11-21T12:00:01Z')
  expect(await readLink(old, 'approval', token, late)).toMatchObject({
    state: 'expired',
    claims: { approval: 'x' },
  })
})

test('keys rotate: the new one signs, the old one is still read, a removed one is not', async () => {
  const rotated = parseLinkKeys(`k2:${secret('b')},k1:${secret('a')}`)
  expect(await readLink(rotated, 'approval', await sign(), now)).toMatchObject({ state: 'valid' })
  expect(await readLink(rotated, 'approval', await sign(rotated), now)).toMatchObject({ state: 'valid' })
  expect(await readLink(old, 'approval', await sign(rotated), now)).toEqual({ state: 'invalid' })
  const onlyNew = parseLinkKeys(`k2:${secret('b')}`)
  expect(await readLink(onlyNew, 'approval', await sign(), now)).toEqual({ state: 'invalid' })
})

test('is good for its purpose only, and not when it was signed with another secret under the same name', async () => {
  expect(await readLink(old, 'expense', await sign(), now)).toEqual({ state: 'invalid' })
  expect(await readLink(parseLinkKeys(`k1:${secret('z')}`), 'approval', await sign(), now)).toEqual({
    state: 'invalid',
  })
})

test('a token without a signature, as the algorithm “none” would have it, is nothing', async () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const token = `${encode({ alg: 'none', kid: 'k1' })}.${encode({ aud: 'approval', approval: 'x' })}.`
  expect(await readLink(old, 'approval', token, now)).toEqual({ state: 'invalid' })
})
