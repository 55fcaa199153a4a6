/** Modal dialogs: one that asks before doing what cannot be undone, one that shows. Focus returns to what opened them. */
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from './Button.tsx'
import './overlay.css'

export interface InfoDialogProps {
  open: boolean
  onClose: () => void
  title: string
  children: ReactNode
  /** From the bottom edge, on phones. */
  sheet?: boolean
}

export function InfoDialog({ open, onClose, title, children, sheet }: InfoDialogProps) {
  const { t } = useTranslation()
  return (
    <ModalOverlay
      isOpen={open}
      onOpenChange={(now) => (now ? undefined : onClose())}
      isDismissable
      className={sheet === true ? 'shade shade-sheet' : 'shade'}
    >
      <Modal className={sheet === true ? 'modal sheet' : 'modal'}>
        <Dialog className="dialog">
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton label={t('app.close')} onPress={onClose}>
              <X size={20} aria-hidden />
            </IconButton>
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

export interface AskDialogProps {
  open: boolean
  onClose: () => void
  title: string
  body: string
  confirm: string
  onConfirm: () => void
  /** What it does cannot be undone, unless said otherwise. */
  look?: 'danger' | 'primary'
  /** What else is to be chosen. */
  children?: ReactNode
}

export function AskDialog(props: AskDialogProps) {
  const { open, onClose, title, body, confirm, onConfirm, look = 'danger', children } = props
  const { t } = useTranslation()
  const act = () => {
    onClose()
    onConfirm()
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
            {title}
          </Heading>
          <p>{body}</p>
          {children}
          <div className="row dialog-foot">
            <Button onPress={onClose} autoFocus>
              {t('app.cancel')}
            </Button>
            <Button look={look} onPress={act}>
              {confirm}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
