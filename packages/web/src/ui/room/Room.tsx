/**
 * The room: stage, panel, bar, and what stands above them. Holds which panel is open and gives the focus back to what
 * opened it; everything about the meeting itself is read from the call's snapshots.
 */
import type { MeetingView } from '@huisclos/participant'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { InfoDialog } from '../parts/Dialog.tsx'
import { KeptRecordings } from '../parts/KeptRecordings.tsx'
import { useDocumentTitle } from '../parts/PageFrame.tsx'
import type { CallPort, ShareContent } from '../ports.ts'
import { readSetting, writeSetting } from '../settings.ts'
import { useStore } from '../use-store.ts'
import { AlonePanel } from './AlonePanel.tsx'
import { Banners } from './Banners.tsx'
import { CaptionOverlay } from './CaptionOverlay.tsx'
import { CaptionsPanel } from './CaptionsPanel.tsx'
import { ChatPanel } from './ChatPanel.tsx'
import { CodeCard } from './CodeCard.tsx'
import { CompanionBanner } from './CompanionBanner.tsx'
import { FinishedRecording } from './FinishedRecording.tsx'
import { glanceOf } from './glance.ts'
import { HelpDialog } from './HelpDialog.tsx'
import type { Departure } from './LeaveButton.tsx'
import { DepartureDialogs, useDeparture } from './LeaveButton.tsx'
import { NewsRegions } from './NewsRegions.tsx'
import { PeoplePanel } from './PeoplePanel.tsx'
import { PicturesBanner } from './PicturesBanner.tsx'
import type { PanelName } from './panel-name.ts'
import { PicturesOff } from './pictures-off.ts'
import { QualityPanel } from './QualityPanel.tsx'
import type { RecordOffer } from './RecordDialog.tsx'
import { useRecordDialog } from './RecordDialog.tsx'
import { RecordingBanners } from './RecordingBanners.tsx'
import { RemoteSound } from './RemoteSound.tsx'
import { RoomStatus } from './RoomStatus.tsx'
import { SettingsPanel } from './SettingsPanel.tsx'
import { ShieldPanel } from './ShieldPanel.tsx'
import { Stage } from './Stage.tsx'
import { useSpeaking } from './speaking.ts'
import { Toolbar } from './Toolbar.tsx'
import { TileNetworksContext } from './tile-networks.ts'
import { fitBar, OPTIONAL_BUTTONS } from './toolbar-fit.ts'
import { UnmuteRequest } from './UnmuteRequest.tsx'
import { Unrecorded, unrecordedOf } from './unrecorded.ts'
import type { RoomActions } from './use-bar-item.tsx'
import { barredOf } from './use-bar-item.tsx'
import type { CaptionControls } from './use-captions.ts'
import { useCaptions } from './use-captions.ts'
import { useDoorBell } from './use-door-bell.ts'
import { useNews } from './use-news.ts'
import { usePanel } from './use-panel.ts'
import type { RoomViewControls } from './use-room-view.ts'
import { useRoomView } from './use-room-view.ts'
import { useShortcuts } from './use-shortcuts.ts'
import { useSize } from './use-size.ts'
import { useUnread } from './use-unread.ts'
import { ViewPanel } from './ViewPanel.tsx'
import './room.css'

export interface RoomProps {
  call: CallPort
  onLeave: () => void
  onRejoin: () => void
}

export function Room({ call, onLeave, onRejoin }: RoomProps) {
  const { t } = useTranslation()
  const view = useStore(call.meeting)
  const sharing = useStore(call.screenShare).at === 'on'
  const [ref, size] = useSize()
  const { panel, toggle, close } = usePanel()
  const controls = useRoomView(view.people)
  const captions = useCaptions()
  const [letters, setLetters] = useLetters()
  const { onHelp, helpDialog } = useHelp(letters, setLetters)
  const title = view.title ?? t('prejoin.untitled')
  useDocumentTitle(useDoorBell(view, call.bell, title))
  const departure = useDeparture(view, onLeave)
  useRoomScene()
  useStartOnStage()
  const hand = view.people.some((person) => person.self && person.hand)
  const { record, recordDialog } = useRecordDialog(call, view.recording)
  useShareContent(call, controls.look.share)
  const act = useRoomActions(call, { hand, sharing, toggle, departure, onHelp, record, controls, captions })
  useRoomKeys(call, act, letters)
  const unread = useUnread(view.chat, panel === 'chat')
  const shape = fitBar(size.width, call.canShareScreen ? OPTIONAL_BUTTONS : OPTIONAL_BUTTONS.slice(1))
  const onShield = () => act.panel('shield')
  const status = (
    <RoomStatus title={title} glance={glanceOf(view)} open={panel === 'shield'} onShield={onShield} />
  )
  return (
    <div ref={ref} className={`room${panel === null ? '' : ' room-panel'}`}>
      {shape.wide ? null : (
        <header className="room-head" data-region tabIndex={-1}>
          {status}
        </header>
      )}
      <RoomMain
        call={call}
        view={view}
        panel={panel}
        controls={controls}
        captions={captions}
        act={act}
        onRejoin={onRejoin}
      />
      <OpenPanel
        panel={panel}
        call={call}
        controls={controls}
        captions={captions}
        letters={letters}
        onLetters={setLetters}
        onClose={close}
      />
      <Toolbar
        devices={call.devices}
        shape={shape}
        status={status}
        sharing={sharing}
        hand={hand}
        unread={unread}
        people={view.people.length}
        knocking={view.lobby.knocking.length}
        panel={panel}
        layout={controls.look.layout}
        letters={letters}
        captions={captions.look.shown}
        barred={barredOf(view)}
        act={act}
      />
      <DepartureDialogs departure={departure} view={view} meeting={call.meeting} onLeave={onLeave} />
      {recordDialog}
      <FinishedRecording recording={call.serverRecording} />
      {helpDialog}
    </div>
  )
}

function useHelp(letters: boolean, onLetters: (on: boolean) => void) {
  const [open, setOpen] = useState(false)
  const onHelp = () => setOpen(true)
  const onClose = () => setOpen(false)
  const helpDialog = <HelpDialog open={open} onClose={onClose} letters={letters} onLetters={onLetters} />
  return { onHelp, helpDialog }
}

interface RoomMainProps {
  call: CallPort
  view: MeetingView<MediaStreamTrack>
  panel: PanelName | null
  controls: RoomViewControls
  captions: CaptionControls
  act: RoomActions
  onRejoin: () => void
}

/** Everything but the bars and the panel: banners, sound, tiles, the code while it is compared, the news. */
function RoomMain({ call, view, panel, controls, captions, act, onRejoin }: RoomMainProps) {
  const devices = useStore(call.devices)
  const sharing = useStore(call.screenShare).at === 'on'
  const { pictures } = useStore(call.hearing)
  const networks = useStore(call.quality.tiles)
  const speaking = useSpeaking(view.people)
  const news = useNews(view, panel === 'chat')
  const { code } = view.security
  const isAlone = view.phase.at === 'in' && view.phase.alone
  const open = (name: PanelName) => (panel === name ? undefined : act.panel(name))
  return (
    <main className="room-main">
      <Banners
        view={view}
        devices={call.devices}
        sharing={sharing}
        onStopSharing={() => call.stopSharing()}
        onShield={() => open('shield')}
        onSettings={() => open('settings')}
        onSoundHere={() => call.setCompanion(false)}
        onRejoin={onRejoin}
      />
      <RecordingBanners call={call} view={view} />
      <KeptInRoom call={call} />
      <UnmuteRequest call={call} view={view} />
      <CompanionBanner call={call} people={view.people} />
      <PicturesBanner hearing={call.hearing} />
      <RemoteSound people={view.people} hearing={call.hearing} speaker={devices.inUse.speaker} />
      <div className="room-stage">
        <TileNetworksContext value={networks}>
          <Unrecorded value={unrecordedOf(view)}>
            <PicturesOff value={pictures === 'none'}>
              <Stage
                call={call}
                controls={controls}
                speaking={speaking}
                spotlight={view.spotlight}
                alone={isAlone ? <AlonePanel href={call.href} code={code} /> : null}
              />
            </PicturesOff>
          </Unrecorded>
        </TileNetworksContext>
        {code?.opened === true ? <CodeCard code={code} onClose={() => call.meeting.closeCode()} /> : null}
        <CaptionOverlay lines={view.captions} look={captions.look} />
        <NewsRegions news={news} />
      </div>
    </main>
  )
}

/** What was just recorded is offered at once, and can wait until one is home. */
function KeptInRoom({ call }: { call: CallPort }) {
  const { t } = useTranslation()
  const { kept } = useStore(call.recordings)
  const [seen, setSeen] = useState<number>(kept.length)
  useEffect(() => setSeen((before) => Math.min(before, kept.length)), [kept.length])
  return (
    <InfoDialog open={kept.length > seen} onClose={() => setSeen(kept.length)} title={t('kept.ready')}>
      <KeptRecordings recordings={call.recordings} />
    </InfoDialog>
  )
}

interface OpenPanelProps {
  panel: PanelName | null
  call: CallPort
  controls: RoomViewControls
  captions: CaptionControls
  letters: boolean
  onLetters: (on: boolean) => void
  onClose: () => void
}

function OpenPanel({ panel, call, controls, captions, letters, onLetters, onClose }: OpenPanelProps) {
  const view = useStore(call.meeting)
  switch (panel) {
    case 'chat':
      return (
        <ChatPanel
          lines={view.chat}
          mayWrite={view.selfHost || view.rules.chat}
          onSend={(text) => call.meeting.sendChat(text)}
          onClose={onClose}
        />
      )
    case 'people':
      return <PeoplePanel view={view} call={call} onClose={onClose} />
    case 'shield':
      return <ShieldPanel view={view} meeting={call.meeting} onClose={onClose} />
    case 'settings':
      return <SettingsPanel call={call} letters={letters} onLetters={onLetters} onClose={onClose} />
    case 'quality':
      return <QualityPanel quality={call.quality} people={view.people} onClose={onClose} />
    case 'captions':
      return <CaptionsPanel view={view} captioning={call.captioning} controls={captions} onClose={onClose} />
    case 'view':
      return <ViewPanel controls={controls} canShareScreen={call.canShareScreen} onClose={onClose} />
    default:
      return null
  }
}

interface ActionState {
  hand: boolean
  sharing: boolean
  toggle: (name: PanelName) => void
  departure: Departure
  onHelp: () => void
  record: RecordOffer | null
  controls: RoomViewControls
  captions: CaptionControls
}

function useRoomActions(call: CallPort, state: ActionState): RoomActions {
  const { hand, sharing, toggle, departure, onHelp, record, controls, captions } = state
  const { look, change } = controls
  return {
    microphone: () => call.devices.setOn('microphone', !call.devices.view.microphone.on),
    camera: () => call.devices.setOn('camera', !call.devices.view.camera.on),
    // Choosing nothing in the browser's dialog rejects; there is nothing to say about it.
    share: () => (sharing ? call.stopSharing() : void call.startSharing(look.share).catch(() => undefined)),
    hand: () => call.meeting.setHand(!hand),
    panel: toggle,
    layout: () => change({ layout: look.layout === 'gallery' ? 'speaker' : 'gallery' }),
    captions: captions.toggle,
    fullScreen: () => (controls.fullScreen.possible ? controls.fullScreen.toggle() : undefined),
    turnPage: (step) => controls.turnPage.current(step),
    help: onHelp,
    record,
    leave: departure.leave,
    end: departure.end,
  }
}

function useRoomKeys(call: CallPort, act: RoomActions, letters: boolean): void {
  const opened = useRef(false)
  useShortcuts(
    {
      microphone: act.microphone,
      camera: act.camera,
      hand: act.hand,
      chat: () => act.panel('chat'),
      people: () => act.panel('people'),
      share: () => (call.canShareScreen ? act.share() : undefined),
      layout: act.layout,
      captions: act.captions,
      'full-screen': act.fullScreen,
      'next-page': () => act.turnPage(1),
      'previous-page': () => act.turnPage(-1),
      help: act.help,
      talk: (held) => {
        // Only what Space opened does Space close.
        if (held && !call.devices.view.microphone.on) {
          opened.current = true
          call.devices.setOn('microphone', true)
        } else if (!held && opened.current) {
          opened.current = false
          call.devices.setOn('microphone', false)
        }
      },
    },
    letters,
  )
}

/** Whether single letters act, remembered on this device. */
function useLetters() {
  const [letters, setLetters] = useState(() => readSetting('letters') !== 'off')
  const choose = (on: boolean) => {
    writeSetting('letters', on ? 'on' : 'off')
    setLetters(on)
  }
  return [letters, choose] as const
}

/** A share that is under way follows what the View panel says of it. */
function useShareContent(call: CallPort, share: ShareContent): void {
  useEffect(() => call.setShareContent(share), [call, share])
}

/** The room is dark whatever the appearance outside, its dialogs and menus too. */
function useRoomScene(): void {
  useEffect(() => {
    document.documentElement.dataset['scene'] = 'room'
    return () => {
      delete document.documentElement.dataset['scene']
    }
  }, [])
}

/** Whoever has just come in starts on the stage, where Space talks and F6 leads on. */
function useStartOnStage(): void {
  useEffect(() => {
    document.querySelector<HTMLElement>('.stage')?.focus()
  }, [])
}
