// The shield's one glance.
import type { Alarm } from '@huisclos/participant'
import { describe, expect, test } from 'vitest'
import { glanceOf } from './glance.ts'

const alarm = (kind: Alarm['kind']): Alarm => ({ id: 1, kind, at: 0 })

describe('glanceOf', () => {
  test('nothing amiss is green', () => {
    expect(glanceOf({ alarms: [] })).toBe('closed')
  })

  test('[FRM5] what was tried and refused is amber', () => {
    expect(glanceOf({ alarms: [alarm('forged-frame'), alarm('refused-commit')] })).toBe('caution')
  })

  test('[ROS1] a member who does not show is red, whatever else there is', () => {
    expect(glanceOf({ alarms: [alarm('forged-frame'), alarm('member-unseen')] })).toBe('alarm')
  })

  test('[ROS2] not being echoed and [ORD3] a reset are red', () => {
    expect(glanceOf({ alarms: [alarm('not-echoed')] })).toBe('alarm')
    expect(glanceOf({ alarms: [alarm('reset')] })).toBe('alarm')
  })
})
