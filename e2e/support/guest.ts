/**
 * A person at a browser: what somebody does on the screens, by the words that are on them (in English), and what they
 * then see and hear. Knows nothing of the inside of the client.
 */
import type { TestPage } from './browsers.ts'
import type { Hop } from './picture-and-tone.ts'
import {
  cameraSignature,
  describeMedia,
  installSyntheticMedia,
  keepConnections,
  keepFrameReports,
  readHops,
  readPictures,
  readTones,
  screenSignature,
} from './picture-and-tone.ts'

/** In the page: marks the first visible control whose name matches, so that a real click can find it. */
function markControl(pattern: string, mark: string): boolean {
  const wanted = new RegExp(pattern, 'i')
  const nameOf = (element: Element): string =>
    (element.getAttribute('aria-label') ?? element.textContent ?? '').replace(/\s+/g, ' ').trim()
  const found = [...document.querySelectorAll('button, a, [role="menuitem"], [role="option"]')].find(
    (element) =>
      wanted.test(nameOf(element)) &&
      element.getClientRects().length > 0 &&
      !element.hasAttribute('disabled'),
  )
  if (found === undefined) return false
  document.querySelectorAll('[data-e2e]').forEach((old) => {
    old.removeAttribute('data-e2e')
  })
  found.setAttribute('data-e2e', mark)
  return true
}

/** In the page: marks the field whose label matches. */
function markField(pattern: string, mark: string): boolean {
  const wanted = new RegExp(pattern, 'i')
  const found = [...document.querySelectorAll('input, textarea')].find((field) => {
    const labels = [...((field as HTMLInputElement).labels ?? [])].map((label) => label.textContent ?? '')
    return [field.getAttribute('aria-label') ?? '', ...labels].some((text) => wanted.test(text.trim()))
  })
  if (found === undefined) return false
  found.setAttribute('data-e2e-field', mark)
  return true
}

/** In the page: whether a text is to be read anywhere. */
const showsText = (text: string): boolean => (document.body.textContent ?? '').includes(text)

/** In the page: what is written under each tile. */
const tileNames = (): string[] =>
  [...document.querySelectorAll('.tile-name-text')].map((name) => name.textContent?.trim() ?? '')

export interface Seen {
  /** Numbers that other people's pictures spell, ascending. */
  pictures: number[]
  /** Pitches heard, ascending, in Hz. */
  tones: number[]
}

export class Guest {
  readonly number: number
  readonly name: string
  readonly page: TestPage
  #mark = 0

  constructor(page: TestPage, number: number, name: string) {
    this.page = page
    this.number = number
    this.name = name
  }

  /** A guest whose camera, microphone and screen are told apart by their number. */
  static async at(page: TestPage, number: number, name: string): Promise<Guest> {
    await page.beforeScripts(installSyntheticMedia, cameraSignature(number), screenSignature(number))
    await page.beforeScripts(keepConnections)
    await page.beforeScripts(keepFrameReports)
    return new Guest(page, number, name)
  }

  /** Presses the control with that name, once it is there. */
  async press(control: RegExp): Promise<void> {
    const mark = `${++this.#mark}`
    await this.page.until(`${this.name} finds ${control}`, markControl, control.source, mark)
    await this.page.click(`[data-e2e="${mark}"]`)
  }

  async write(field: RegExp, text: string): Promise<void> {
    const mark = `${++this.#mark}`
    await this.page.until(`${this.name} finds the field ${field}`, markField, field.source, mark)
    await this.page.fill(`[data-e2e-field="${mark}"]`, text)
  }

  async reads(text: string): Promise<void> {
    await this.page.until(`${this.name} reads “${text}”`, showsText, text)
  }

  /** Makes a meeting at home and comes back with its link. */
  async createMeeting(url: string, title: string): Promise<string> {
    await this.page.goto(url)
    await this.write(/^Title/, title)
    await this.press(/^Create the meeting$/)
    const href = await this.page.until(
      'the link is shown',
      () =>
        [...document.querySelectorAll('input')]
          .map((field) => field.value)
          .find((text) => text.includes('/m/')) ?? '',
    )
    await this.press(/^Start$/)
    return href
  }

  /** From the pre-join screen into the room. */
  async join(): Promise<void> {
    await this.write(/^Your name/, this.name)
    await this.press(/^Join$/)
    await this.page.until(`${this.name} is in the room`, () => document.querySelector('.stage') !== null)
  }

  async open(href: string): Promise<void> {
    await this.page.goto(href)
  }

  /** Cipher and protocol of each connection to the server. */
  hops(): Promise<Hop[]> {
    return this.page.evaluate(readHops)
  }

  tiles(): Promise<string[]> {
    return this.page.evaluate(tileNames)
  }

  /** Waits until the tiles name exactly these people, oneself included. */
  async seesPeople(names: string[]): Promise<void> {
    const wanted = [...names].sort()
    await this.page.until(
      `${this.name} sees tiles of ${wanted.join(', ')}`,
      (own: string, expected: string[]) => {
        const shown = [...document.querySelectorAll('.tile:not(.tile-screen) .tile-name-text')].map(
          (tile) => tile.textContent?.trim() ?? '',
        )
        const plain = shown.map((text) => (text.includes(own) ? own : text)).sort()
        return JSON.stringify(plain) === JSON.stringify(expected)
      },
      this.name,
      wanted,
    )
  }

  /** Reads pictures and tones until these others, and nobody else, are seen and heard. */
  async seesAndHears(others: Guest[]): Promise<void> {
    const pictures = others.map((other) => cameraSignature(other.number).id)
    const tones = others.map((other) => cameraSignature(other.number).toneHz)
    await this.receives({ pictures, tones })
  }

  async receives(wanted: Seen): Promise<void> {
    const sorted = (numbers: number[]): number[] => [...numbers].sort((a, b) => a - b)
    const pictures = JSON.stringify(sorted(wanted.pictures))
    const tones = sorted(wanted.tones)
    await this.perceivesEventually(
      (seen) =>
        JSON.stringify(seen.pictures) === pictures &&
        seen.tones.length === tones.length &&
        seen.tones.every((hz, i) => Math.abs(hz - (tones[i] ?? 0)) < 40),
      `pictures ${pictures} and tones ${tones}`,
    )
  }

  /** Looks and listens until `enough` says so; fails with what there was last. */
  async perceivesEventually(enough: (seen: Seen) => boolean, what = 'something else'): Promise<Seen> {
    const end = Date.now() + 45_000
    let last: Seen = { pictures: [], tones: [] }
    while (Date.now() < end) {
      last = await this.perceives()
      if (enough(last)) return last
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    const complaints = this.page.complaints.slice(-4).join(' | ')
    const media = await this.page.evaluate(describeMedia)
    throw new Error(
      `${this.name} waits for ${what} and has ${JSON.stringify(last)}; media: ${media}; console: ${complaints}`,
    )
  }

  /** What other people's pictures and sounds are at this moment. */
  async perceives(): Promise<Seen> {
    const own = [cameraSignature(this.number).id, screenSignature(this.number).id]
    const pictures = (await this.page.evaluate(readPictures)).map((picture) => picture.id ?? -1)
    const tones = (await this.page.evaluate(readTones)).filter((hz) => hz > 0)
    return {
      pictures: pictures.filter((id) => !own.includes(id)).sort((a, b) => a - b),
      tones: tones.map(Math.round).sort((a, b) => a - b),
    }
  }
}

/** All of these see and hear each other, and nobody else; they look and listen at the same time. */
export async function allSeeAndHear(
  guests: readonly Guest[],
  everyone: readonly Guest[] = guests,
): Promise<void> {
  await Promise.all(guests.map((guest) => guest.seesAndHears(everyone.filter((other) => other !== guest))))
}

/** Each of these has one tile for each of `everyone`. */
export async function allSeePeople(
  guests: readonly Guest[],
  everyone: readonly Guest[] = guests,
): Promise<void> {
  const names = everyone.map(({ name }) => name)
  await Promise.all(guests.map((guest) => guest.seesPeople(names)))
}
