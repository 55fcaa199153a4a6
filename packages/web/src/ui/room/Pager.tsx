/** The gallery's pages: buttons, and where one is. Keys and a swipe do the same. */
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../parts/Button.tsx'

export interface PagerProps {
  page: number
  pages: number
  onTurn: (step: 1 | -1) => void
}

export function Pager({ page, pages, onTurn }: PagerProps) {
  const { t } = useTranslation()
  const where = t('room.pageOf', { page: page + 1, pages })
  return (
    <nav className="pager" aria-label={where}>
      <IconButton label={t('room.previous')} keys="PgUp" disabled={page === 0} onPress={() => onTurn(-1)}>
        <ChevronLeft aria-hidden />
      </IconButton>
      <span aria-live="polite">{where}</span>
      <IconButton label={t('room.next')} keys="PgDn" disabled={page === pages - 1} onPress={() => onTurn(1)}>
        <ChevronRight aria-hidden />
      </IconButton>
    </nav>
  )
}
