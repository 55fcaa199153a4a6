/** Asks before everybody is muted, and whether they may turn the microphone on again by themselves (HOST3). */
import { useState } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { Switch } from '../parts/Field.tsx'

export interface MuteAllDialogProps {
  open: boolean
  onClose: () => void
  onMute: (mayUnmute: boolean) => void
}

export function MuteAllDialog({ open, onClose, onMute }: MuteAllDialogProps) {
  const { t } = useTranslation()
  const [mayUnmute, setMayUnmute] = useState(true)
  const act = () => {
    onClose()
    onMute(mayUnmute)
  }
  return (
    <ModalOverlay
      isOpen={open}
      onOpenChange={(now) => (now ? undefined : onClose())}
      isDismissable
      className="shade"
    >
      <Modal className="modal">
        <Dialog className="dialog" role="alertdialog">
          <Heading slot="title" level={2}>
            {t('hosts.muteAllTitle')}
          </Heading>
          <p>{t('hosts.muteAllBody')}</p>
          <Switch
            label={t('hosts.muteAllMay')}
            hint={t('hosts.muteAllMayHint')}
            on={mayUnmute}
            onChange={setMayUnmute}
          />
          <div className="row dialog-foot">
            <Button onPress={onClose} autoFocus>
              {t('app.cancel')}
            </Button>
            <Button look="primary" onPress={act}>
              {t('hosts.muteAllConfirm')}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
