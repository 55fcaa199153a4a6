/** For tests of whoever uses the vault. */
export {
  type GivenFrame,
  type GivenMeeting,
  type GivenStream,
  recordMeeting,
  signedRecording,
} from './recorded-meeting.ts'
