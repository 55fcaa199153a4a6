/** What a recording needs of Node: files in a folder and native hashing. */
export { folderStore } from './folder-store.ts'
export { nativeSha256 } from './native-sha256.ts'
