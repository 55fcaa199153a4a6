/** True below it while this device wants sound alone (DEV7): tiles then show who it is, not the last frame that came. */
import { createContext } from 'react'

export const PicturesOff = createContext(false)
