/**
 * GRP6 and GRP8 as a pure decision: given what is to be done and who is there, whether to commit now, what, or when to
 * look again. Lobby off: the lowest connected leaf commits, others take over after 1.5 s plus jitter. Whom the server
 * calls connected only shifts who tries first; whether a commit is valid is the engine's to say (GRP7).
 */
import type { CommitInput, ContextChange, Warrant } from '@huisclos/crypto/mls'
import type { PeerId } from '@huisclos/protocol'
import type { Ms } from './ports.ts'

export interface Knock {
  peer: PeerId
  keyPackage: Uint8Array
  at: Ms
  /** GRP10: the leaf it proves to come back to. */
  resumes: number | null
  /** Lobby on: a host said yes on this screen. */
  admitted: boolean
  /** GRP6: the room's host key signed for it; neither lobby nor lock is for its holder. */
  host?: boolean
}

export interface Departure {
  leaf: number
  warrant: Extract<Warrant, { by: 'leaver' | 'server' }>
  at: Ms
}

export interface CommitterSituation {
  now: Ms
  self: { leaf: number; host: boolean }
  /** In tree order. */
  leaves: readonly number[]
  /** Leaves that the server calls connected; own one counts as connected anyway. */
  connected: ReadonlySet<number>
  lobby: boolean
  lock: boolean
  knocks: readonly Knock[]
  departures: readonly Departure[]
  /** Own orders as a host, and the own wish for a comparison: nobody else can carry these out. */
  orders: { removes: readonly number[]; context: ContextChange | null; path: boolean }
  /** Since when a path is owed to the group: after a policy change (GRP2) or a strike (ORD3); null: none is. */
  pathOwedSince: Ms | null
  /** When this leaf should make its own path commit; null: it has. */
  ownPathAt: Ms | null
  /** When a rotating member should make one. */
  rotationAt: Ms
  epoch: number
  /** When the group's last commit came. */
  lastCommitAt: Ms
  /** Own commits of the last seconds, oldest first. */
  ownCommitsAt: readonly Ms[]
  /** Uniform in [0, 1), drawn anew for each epoch. */
  jitter: number
}

export interface CommitPlan {
  input: CommitInput
  /** The peers of `input.adds`, in order. */
  peers: PeerId[]
}

export type CommitDecision =
  | { do: 'commit'; plan: CommitPlan }
  | { do: 'wait'; until: Ms }
  | { do: 'nothing' }

const TAKEOVER_MS = 1_500
/** GRP8: what arrives while a commit is under way goes into the next. */
const GATHER_MS = 500
const GROUP_SPACING_MS = 250
const OWN_BURST = 3
const OWN_WINDOW_MS = 3_000
const MAX_ADDS = 16
const MAX_REMOVES = 60

interface Due {
  at: Ms
  urgent: boolean
  kind: 'add' | 'remove' | 'order' | 'path'
}

/** What to do now; `wait` names the moment at which the answer may change by itself. */
export function decideCommit(s: CommitterSituation): CommitDecision {
  const dues = [...addDues(s), ...removeDues(s), ...orderDues(s), ...pathDues(s)]
  if (dues.length === 0) return { do: 'nothing' }
  const start = Math.min(...dues.map((due) => Math.max(due.at, allowedAt(s, due.urgent))))
  if (start > s.now) return { do: 'wait', until: start }
  return { do: 'commit', plan: buildPlan(s, dues) }
}

/** GRP8's pace: for the whole group, and for this leaf. */
function allowedAt(s: CommitterSituation, urgent: boolean): Ms {
  const recent = s.ownCommitsAt.slice(-OWN_BURST)
  const burst = recent.length < OWN_BURST ? 0 : (recent[0] ?? 0) + OWN_WINDOW_MS
  const gather = urgent ? 0 : (s.ownCommitsAt.at(-1) ?? Number.NEGATIVE_INFINITY) + GATHER_MS
  return Math.max(burst, gather, s.lastCommitAt + GROUP_SPACING_MS)
}

/** How long this leaf leaves a task to those before it; `without` are leaves that cannot do it. */
function patience(s: CommitterSituation, without: readonly number[], order = ascending): Ms {
  const able = s.leaves.filter(
    (leaf) => !without.includes(leaf) && (leaf === s.self.leaf || s.connected.has(leaf)),
  )
  const rank = order(able).indexOf(s.self.leaf)
  return rank <= 0 ? 0 : Math.min(rank, 3) * TAKEOVER_MS + s.jitter * 1_000
}
const ascending = (leaves: readonly number[]): number[] => [...leaves].sort((a, b) => a - b)

function mayAdd(s: CommitterSituation, knock: Knock): boolean {
  if (knock.resumes !== null) return s.leaves.includes(knock.resumes) && knock.resumes !== s.self.leaf
  if (knock.host) return true
  if (s.lock) return false
  return !s.lobby || (s.self.host && knock.admitted)
}

function addDues(s: CommitterSituation): Due[] {
  return s.knocks
    .filter((knock) => mayAdd(s, knock))
    .map((knock) => {
      const own = s.lobby && knock.resumes === null && !knock.host
      const waits = own ? 0 : patience(s, knock.resumes === null ? [] : [knock.resumes])
      return { kind: 'add', at: knock.at + waits, urgent: false } as const
    })
}

const departuresOf = (s: CommitterSituation): Departure[] =>
  s.departures.filter(({ leaf }) => leaf !== s.self.leaf && s.leaves.includes(leaf))

function removeDues(s: CommitterSituation): Due[] {
  const leaving = departuresOf(s)
  const waits = patience(
    s,
    leaving.map(({ leaf }) => leaf),
  )
  return leaving.map(({ at }) => ({ kind: 'remove', at: at + waits, urgent: true }) as const)
}

function orderDues(s: CommitterSituation): Due[] {
  const { removes, context, path } = s.orders
  // The host who comes back claims its place by the room's key, before it is a host of this group (GRP2).
  const change = context !== null && (s.self.host || context.claimHost !== undefined)
  const wanted = path || change || (s.self.host && removes.length > 0)
  return wanted ? [{ kind: 'order', at: s.now, urgent: true }] : []
}

function pathDues(s: CommitterSituation): Due[] {
  const dues: Due[] = []
  if (s.pathOwedSince !== null)
    dues.push({ kind: 'path', at: s.pathOwedSince + patience(s, []), urgent: true })
  if (s.ownPathAt !== null) dues.push({ kind: 'path', at: s.ownPathAt, urgent: false })
  const turning = (able: readonly number[]) => {
    const sorted = ascending(able)
    const shift = sorted.length === 0 ? 0 : s.epoch % sorted.length
    return [...sorted.slice(shift), ...sorted.slice(0, shift)]
  }
  dues.push({ kind: 'path', at: s.rotationAt + patience(s, [], turning), urgent: false })
  return dues
}

/**
 * Everything of the due kinds in one commit, except that a comparison gets one of its own: adds and policy changes
 * carry no path. With a host's removal come only those whom a host let in, since the removed person still has the link.
 */
function buildPlan(s: CommitterSituation, dues: readonly Due[]): CommitPlan {
  const due = new Set(dues.filter((d) => d.at <= s.now).map((d) => d.kind))
  if (due.has('order') && s.orders.path) return { input: { adds: [], removes: [] }, peers: [] }
  const hostOrders = due.has('order')
  const closing = hostOrders && s.orders.removes.length > 0
  // REC1: a commit that changes the order to record lets nobody in.
  const records = hostOrders && isAboutRecording(s.orders.context)
  const knocks = due.has('add') && !records ? addable(s).filter((knock) => !closing || knock.admitted) : []
  const removes = new Map<number, Warrant>()
  knocks.forEach((knock, i) => {
    if (knock.resumes !== null) removes.set(knock.resumes, { by: 'resume', newKeyPackage: i })
  })
  const remove = (leaf: number, warrant: Warrant) => {
    if (!removes.has(leaf) && removes.size < MAX_REMOVES) removes.set(leaf, warrant)
  }
  if (due.has('remove')) for (const { leaf, warrant } of departuresOf(s)) remove(leaf, warrant)
  if (hostOrders)
    for (const leaf of s.orders.removes) if (s.leaves.includes(leaf)) remove(leaf, { by: 'host' })
  const input: CommitInput = {
    adds: knocks.map(({ keyPackage }) => keyPackage),
    removes: [...removes].map(([leaf, warrant]) => ({ leaf, warrant })),
  }
  if (hostOrders && s.orders.context) input.context = s.orders.context
  return { input, peers: knocks.map(({ peer }) => peer) }
}

const isAboutRecording = (context: ContextChange | null): boolean =>
  context?.policy?.recordingKey !== undefined || context?.policy?.recordingPaused !== undefined

/** The knocks to answer, at most one for each leaf that somebody comes back to. */
function addable(s: CommitterSituation): Knock[] {
  const resumed = new Set<number>()
  const once = ({ resumes }: Knock): boolean => {
    if (resumes === null) return true
    if (resumed.has(resumes)) return false
    resumed.add(resumes)
    return true
  }
  return s.knocks.filter((knock) => mayAdd(s, knock) && once(knock)).slice(0, MAX_ADDS)
}
