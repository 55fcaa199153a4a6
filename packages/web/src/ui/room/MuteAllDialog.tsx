/** Asks before everybody is muted, and whether they may turn the microphone on again by themselves (HOST3). */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AskDialog } from '../parts/Dialog.tsx'
import { Switch } from '../parts/Field.tsx'

export interface MuteAllDialogProps {
  open: boolean
  onClose: () => void
  onMute: (mayUnmute: boolean) => void
}

export function MuteAllDialog({ open, onClose, onMute }: MuteAllDialogProps) {
  const { t } = useTranslation()
  const [mayUnmute, setMayUnmute] = useState(true)
  return (
    <AskDialog
      open={open}
      onClose={onClose}
      title={t('hosts.muteAllTitle')}
      body={t('hosts.muteAllBody')}
      confirm={t('hosts.muteAllConfirm')}
      look="primary"
      onConfirm={() => onMute(mayUnmute)}
    >
      <Switch
        label={t('hosts.muteAllMay')}
        hint={t('hosts.muteAllMayHint')}
        on={mayUnmute}
        onChange={setMayUnmute}
      />
    </AskDialog>
  )
}
