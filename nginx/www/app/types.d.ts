/** What GET /functions/v1/retry-stuck-thumbnails answers under `data`. Times are ISO 8601, durations seconds. */
import type { Health, Lane, Queue } from './figures.js';
import type { ThumbnailGenerationStatus } from '../elements/video.types';

export interface Report {
  at: string;
  health: Health;
  queue: Queue;
  lanes: Lane[];
  failures: Failure[];
  failureReasons: number;
  /** All that failed, by class: `failures` may be cut off. */
  failedClasses: { class: string; exhausted: number; retried: number }[];
  exhaustedCount: number;
  restartableCount: number;
  held: Record<string, number>;
  /** What the platform's own rules refused: writes to its rows within a day, and changes that could not be queued and wait for the next sweep. */
  platform: { refusals: number; setAside: number; lastRefusal: string | null };
  breakers: { class: string; host: string; faults: number; lastError: string | null; open: boolean; openUntil: string | null }[];
  lastSweep: { at: string; epoch: number; retriedCount: number; skippedCount: number; lostCount: number } | null;
  nextSweep: { count: number; videos: { videoId: string; state: ThumbnailGenerationStatus; attempts: number; reason: string; waitingSeconds: number | null }[] };
  objectsToDelete: number;
  objectsRefused: { count: number; lastError: string | null };
  enabled: boolean;
  missingConfiguration: string | null;
  /** What stands in the way of webhooks that the database sends itself, as sentences. */
  deliveryProblems: string[];
  /** What pg_net got back within six hours, the most first; null where it posts nothing, or keeps no answer. */
  pgNet: PgNetAnswer[] | null;
  /** `counts` are of auto-generate-thumbnail alone; silent: not heard from for three minutes. `list` holds all programs, those at work first. */
  workers: { counts: { busy: number; idle: number; silent: number }; unboxedHosts: string[]; list: Worker[] };
  /** The one heard from last; null where none was ever started, or it was told to stop. `reason`: why it polls; `trouble`: what keeps its posts from the handlers. */
  relay: { host: string; version: string; state: 'listening' | 'polling' | 'silent'; reason: string | null; trouble: string | null; seenAt: string } | null;
  /** How often which kind of end. */
  decoderEnds: { lastDay: Record<string, number>; total: Record<string, number> };
  /** What is to be said of workers and relay, as sentences. */
  processProblems: string[];
  /** What people have paused: all, an uploader's, or what the workers of a host make. */
  paused: Paused[];
  /** Whose secret it was. */
  caller: 'service' | 'cron' | 'status';
}

/** A process that tells of itself once a minute; `program` is null where something holds a job and has told nobody of itself. */
export interface Worker {
  name: string | null;
  program: string | null;
  host: string | null;
  /** Null: started by a CGI server, all of a host together. */
  pid: number | null;
  version: string | null;
  mode: 'FastCGI' | 'CGI' | 'service' | null;
  state: 'busy' | 'idle' | 'silent';
  startedAt: string | null;
  seenAt: string | null;
  /** Whether it decodes in a box; null: it decodes nothing. */
  sandbox: 'required' | 'off' | null;
  /** Attempts since it started. */
  completed: number | null;
  failed: number | null;
  inHand: { videoId: string; attempt: number; since: string; leaseUntil: string }[];
}

/** `problem`: what is wrong and what helps, null where the post was delivered. Without `posts`: the answers cannot be read. */
export interface PgNetAnswer {
  status?: number | null;
  timedOut?: boolean;
  error?: string | null;
  posts?: number;
  lastAt?: string;
  problem: string | null;
}

export interface Paused {
  tenant?: string;
  host?: string;
  /** By whom and why, as a sentence. */
  text: string;
  at: string;
}

/** Which videos are meant; what is not there does not matter. */
export interface Filter {
  state?: string;
  text?: string;
  class?: string;
  reason?: string;
  host?: string;
  tenant?: string;
  since?: string;
  until?: string;
}

export interface VideoList {
  videos: Video[];
  /** How many match; null where that is not counted. */
  total: number | null;
  next: { at: number; id: string } | null;
}

export interface Failure {
  error: string;
  class: string | null;
  count: number;
  exhausted: number;
  restartable: number;
  lastOccurrence: string | null;
  videoIds: string[];
}

export type History = Hour[];

export interface Hour {
  hour: string;
  announced: number;
  completed: number;
  failed: number;
  meanSeconds: number | null;
}

export interface Video {
  id: string;
  title: string | null;
  videoStatus: string;
  status: ThumbnailGenerationStatus;
  /** Null also where there is one that is not shown, because its URL is signed or too long. */
  thumbnailUrl: string | null;
  hasThumbnail: boolean;
  canRestart: boolean;
  error: string | null;
  class: string | null;
  attempts: number;
  maxAttempts: number;
  nextAttemptAt: string | null;
  leaseUntil: string | null;
  startedAt: string | null;
  lastAttemptAt: string | null;
  generatedAt: string | null;
  createdAt: string | null;
  sourceHost: string | null;
  /** The queue's name for its uploader. */
  tenant: string | null;
  dismissed: boolean;
  canDismiss: boolean;
  canCancel: boolean;
}

export interface Timeline extends Video {
  metadata: Metadata;
  events: VideoEvent[];
}

export interface Metadata {
  width?: number;
  height?: number;
  bytes?: number;
  codec?: string;
  container?: string;
  score?: number;
  rejected?: Record<string, number>;
  timestampSeconds?: number;
  durationSeconds?: number;
  bytesFetched?: number;
  requests?: number;
  stagesMs?: Record<string, number>;
}

/** A second that would do as a thumbnail, and its picture as a data URL. */
export interface Candidate {
  timeSeconds: number;
  score: number;
  width: number;
  height: number;
  image: string;
}

export interface VideoEvent {
  at: string;
  from: ThumbnailGenerationStatus;
  to: ThumbnailGenerationStatus;
  attempt: number | null;
  class: string | null;
  text: string | null;
  seconds: number | null;
  /** The name of the worker that took it, or whose decoder ended. */
  worker: string | null;
  detail: Metadata | null;
}

/** `processed` videos it was done to, and `remaining` that are left. */
export interface Operated {
  processed: number;
  remaining: number;
  before: string;
}
