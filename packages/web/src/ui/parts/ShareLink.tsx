/** A link to hand on: shown whole, copied, shared by the system's sheet, or as a QR code. */
import { Check, Copy, QrCode as QrIcon, Share2 } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button.tsx'
import { InfoDialog } from './Dialog.tsx'
import { FieldProblem } from './Field.tsx'
import { QrCode } from './QrCode.tsx'
import './share-link.css'

type Copied = 'no' | 'yes' | 'failed'

/** Copies; says for two seconds that it did. */
export function useCopy(text: string): { copied: Copied; copy: () => void } {
  const [copied, setCopied] = useState<Copied>('no')
  useEffect(() => {
    if (copied !== 'yes') return undefined
    const timer = setTimeout(() => setCopied('no'), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    const clipboard: Clipboard | undefined = navigator.clipboard
    if (clipboard === undefined) setCopied('failed')
    else
      clipboard.writeText(text).then(
        () => setCopied('yes'),
        () => setCopied('failed'),
      )
  }
  return { copied, copy }
}

export interface CopyButtonProps {
  text: string
  look?: 'primary' | 'quiet'
  /** "Copy" where it stands beside what it copies. */
  label?: string
}

export function CopyButton({ text, look, label }: CopyButtonProps) {
  const { t } = useTranslation()
  const { copied, copy } = useCopy(text)
  return (
    <>
      <Button look={look ?? 'quiet'} onPress={copy}>
        {copied === 'yes' ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />}
        <span aria-live="polite">{copied === 'yes' ? t('app.copied') : (label ?? t('app.copy'))}</span>
      </Button>
      {copied === 'failed' ? <FieldProblem>{t('app.copyFailed')}</FieldProblem> : null}
    </>
  )
}

export function ShareLink({ href, label, hint }: { href: string; label: string; hint?: string }) {
  const { t } = useTranslation()
  const id = useId()
  const [qr, setQr] = useState(false)
  const canShare = typeof navigator.share === 'function'
  const share = () => {
    // The person closing the sheet rejects; there is nothing to say about it.
    navigator.share({ text: t('create.shareText'), url: href }).catch(() => undefined)
  }
  return (
    <div className="share-link">
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          className="field-input"
          readOnly
          value={href}
          onFocus={(event) => event.target.select()}
          aria-describedby={`${id}h`}
        />
        {hint === undefined ? null : (
          <p id={`${id}h`} className="field-hint">
            {hint}
          </p>
        )}
      </div>
      <div className="row">
        <CopyButton text={href} />
        {canShare ? (
          <Button onPress={share}>
            <Share2 size={18} aria-hidden />
            {t('app.share')}
          </Button>
        ) : null}
        <Button onPress={() => setQr(true)}>
          <QrIcon size={18} aria-hidden />
          {t('create.qr')}
        </Button>
      </div>
      <InfoDialog open={qr} onClose={() => setQr(false)} title={t('create.qr')}>
        <QrCode text={href} label={t('create.qrLabel')} />
        <p className="soft small">{t('create.qrHint')}</p>
      </InfoDialog>
    </div>
  )
}
