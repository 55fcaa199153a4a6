/** On a tile: that the network is at fault and whose, by an icon and in words. */
import { TriangleAlert } from 'lucide-react'
import { useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { TileNetworksContext } from './tile-networks.ts'

export function TileNetwork({ leaf }: { leaf: number }) {
  const { t } = useTranslation()
  const network = useContext(TileNetworksContext).get(leaf)
  if (network === undefined) return null
  return (
    <p className="tile-network">
      <TriangleAlert size={16} aria-hidden />
      <span>{t(`room.network.${network.whose}-${network.picture}`)}</span>
    </p>
  )
}
