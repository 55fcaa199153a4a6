/** By leaf, whose network makes a tile suffer; read by each tile, on the page and in the separate window. */
import { createContext } from 'react'
import type { TileNetworks } from '../quality-ports.ts'

export const TileNetworksContext = createContext<TileNetworks>(new Map())
