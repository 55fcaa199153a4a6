// The shield's one glance.
import type { Alarm } from '@huisclos/participant'
import { describe, expect, test } from 'vitest'
import { glanceOf } from './glance.ts'
import { testPerson } from './test-people.ts'

const alarm = (kind: Alarm['kind']): Alarm => ({ id: 1, kind, at: 0 })

const nobody = { ordered: null, local: [], mayOrder: false, mayStop: false }
const look = (view: { alarms: Alarm[] }) => glanceOf({ recording: nobody, people: [], ...view })

describe('glanceOf', () => {
  test('[LREC1] amber while somebody records, red whatever they do where there is an alarm', () => {
    const local = [{ id: 'x', leaf: 1, name: '', self: false, consent: 'no', consenting: [1] } as const]
    const recording = { ...nobody, local }
    expect(glanceOf({ alarms: [], recording, people: [] })).toBe('recorded')
    expect(glanceOf({ alarms: [alarm('member-unseen')], recording, people: [] })).toBe('alarm')
  })

  test('[TEL3] amber while a telephone bridge is here, green again without it, red for a false one', () => {
    const bridge = testPerson(1, { bridge: { runBy: 'Cabinet Lune', failed: 0, callers: [] } })
    expect(glanceOf({ alarms: [], recording: nobody, people: [testPerson(0), bridge] })).toBe('phones')
    expect(glanceOf({ alarms: [], recording: nobody, people: [testPerson(0)] })).toBe('closed')
    expect(look({ alarms: [alarm('false-bridge')] })).toBe('alarm')
  })

  test('nothing amiss is green', () => {
    expect(look({ alarms: [] })).toBe('closed')
  })

  test('[FRM5] what was tried and refused is amber', () => {
    expect(look({ alarms: [alarm('forged-frame'), alarm('refused-commit')] })).toBe('caution')
  })

  test('[ROS1] a member who does not show is red, whatever else there is', () => {
    expect(look({ alarms: [alarm('forged-frame'), alarm('member-unseen')] })).toBe('alarm')
  })

  test('[ROS2] not being echoed and [ORD3] a reset are red', () => {
    expect(look({ alarms: [alarm('not-echoed')] })).toBe('alarm')
    expect(look({ alarms: [alarm('reset')] })).toBe('alarm')
  })
})
