/**
 * VP9 layers of one picture, which browsers hand over one by one, as one frame (VP9 bitstream specification, Annex B):
 * the layers after each other, and an index of their sizes.
 */

const MAX_LAYERS = 8

/** One layer, or more than an index can hold: they stay as they are, after each other. */
export function joinLayers(layers: readonly Uint8Array[]): Uint8Array {
  const [first] = layers
  if (first && layers.length === 1) return first
  const index = layers.length <= MAX_LAYERS ? indexOf(layers) : new Uint8Array(0)
  const joined = new Uint8Array(layers.reduce((sum, layer) => sum + layer.length, index.length))
  let at = 0
  for (const part of [...layers, index]) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

function indexOf(layers: readonly Uint8Array[]): Uint8Array {
  const sizeBytes = 4
  const marker = 0xc0 | ((sizeBytes - 1) << 3) | (layers.length - 1)
  const index = new Uint8Array(2 + layers.length * sizeBytes)
  const view = new DataView(index.buffer)
  index[0] = marker
  layers.forEach((layer, i) => {
    view.setUint32(1 + i * sizeBytes, layer.length, true)
  })
  index[index.length - 1] = marker
  return index
}
