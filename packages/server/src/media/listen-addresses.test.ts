import { expect, test } from 'vitest'
import { listenAddresses } from './listen-addresses.ts'

test('nothing announced: loopback alone', () => {
  expect(listenAddresses([])).toEqual([{ ip: '127.0.0.1' }])
})

test('each family listens everywhere and tells the announced address', () => {
  expect(listenAddresses(['203.0.113.7', '2001:db8::7'])).toEqual([
    { ip: '0.0.0.0', announced: '203.0.113.7' },
    { ip: '::', announced: '2001:db8::7' },
  ])
  expect(listenAddresses(['meet.example.org'])).toEqual([{ ip: '0.0.0.0', announced: 'meet.example.org' }])
})

test('with loopback among them, exactly the announced addresses and no others', () => {
  expect(listenAddresses(['127.0.0.1'])).toEqual([{ ip: '127.0.0.1' }])
  expect(listenAddresses(['127.0.0.1', '198.51.100.4'])).toEqual([
    { ip: '127.0.0.1' },
    { ip: '198.51.100.4' },
  ])
})
