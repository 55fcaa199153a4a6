/** For tests: how loud one frequency is in some samples, as the amplitude of a sine. */
export function toneAmplitude(samples: readonly number[], hertz: number, rate: number): number {
  let [re, im] = [0, 0]
  samples.forEach((sample, i) => {
    re += sample * Math.cos((2 * Math.PI * hertz * i) / rate)
    im += sample * Math.sin((2 * Math.PI * hertz * i) / rate)
  })
  return samples.length === 0 ? 0 : (2 * Math.hypot(re, im)) / samples.length
}
