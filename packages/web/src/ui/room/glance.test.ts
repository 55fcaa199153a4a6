// The shield's one glance.
import type { Alarm } from '@huisclos/participant'
import { describe, expect, test } from 'vitest'
import { glanceOf } from './glance.ts'

const alarm = (kind: Alarm['kind']): Alarm => ({ id: 1, kind, at: 0 })

const nobody = { ordered: null, local: [], mayOrder: false, mayStop: false }
const look = (view: { alarms: Alarm[] }) => glanceOf({ recording: nobody, ...view })

describe('glanceOf', () => {
  test('[LREC1] amber while somebody records, red whatever they do where there is an alarm', () => {
    const local = [{ id: 'x', leaf: 1, name: '', self: false, consent: 'no', consenting: [1] } as const]
    const recording = { ...nobody, local }
    expect(glanceOf({ alarms: [], recording })).toBe('recorded')
    expect(glanceOf({ alarms: [alarm('member-unseen')], recording })).toBe('alarm')
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
