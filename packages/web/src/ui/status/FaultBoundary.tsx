/** Our own fault, shown as a page instead of a blank one. Whatever was under way is ended first: nobody stays in a call that they cannot see. */
import type { ReactNode } from 'react'
import { Component } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { StatusScreen } from './StatusScreen.tsx'

export interface FaultBoundaryProps {
  children: ReactNode
  /** Ends what was under way. */
  onFault?: () => void
}

export class FaultBoundary extends Component<FaultBoundaryProps, { faulty: boolean }> {
  override state = { faulty: false }

  static getDerivedStateFromError(): { faulty: boolean } {
    return { faulty: true }
  }

  override componentDidCatch(): void {
    this.props.onFault?.()
  }

  override render(): ReactNode {
    return this.state.faulty ? <FaultScreen /> : this.props.children
  }
}

function FaultScreen() {
  const { t } = useTranslation()
  return (
    <StatusScreen title={t('status.fault.title')} body={[t('status.fault.body')]} tone="wrong">
      <Button look="primary" onPress={() => location.reload()}>
        {t('status.reload')}
      </Button>
    </StatusScreen>
  )
}
