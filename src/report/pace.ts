/** How fast the work goes on and how long it will take: pure rules, whose times are given. */
import type { PlanWork, RunEvent } from '../model/events.js';

/** What is done and left at a time (ms). */
export type Point = { readonly time: number; readonly done: number; readonly left: number };

type Pace = { readonly rowsPerSecond: number; readonly secondsLeft: number };

/** Older points say little of what comes next: Salesforce is faster at some hours than at others. */
const windowMs = 60_000;
/** More than four jobs, polled twice a second, make in that time. */
const mostPoints = 500;
/** Sooner, a rate would only be noise. */
const leastMs = 1000;

/** The rate over the last minute; undefined while it can't be told, or nothing is left. @param points oldest first */
export function paceOf(points: readonly Point[]): Pace | undefined {
  const last = points.at(-1);
  // Polls may be further apart than the window.
  const recent = points.findIndex(({ time }) => last !== undefined && time >= last.time - windowMs);
  const first = points[Math.min(recent, points.length - 2)];
  if (last === undefined || first === undefined || last.left <= 0) return undefined;
  const milliseconds = last.time - first.time;
  const rows = last.done - first.done;
  if (milliseconds < leastMs || rows <= 0) return undefined;
  const rowsPerSecond = (rows * 1000) / milliseconds;
  return { rowsPerSecond, secondsLeft: last.left / rowsPerSecond };
}

/** `45 s`, `12 min`, `3 h 5 min`: rounded up, so that nobody comes back too early. */
export function durationText(seconds: number): string {
  if (seconds <= 90) return `${String(Math.max(1, Math.ceil(seconds)))} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${String(minutes)} min` : `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}

export function rateText(rowsPerSecond: number): string {
  return rowsPerSecond.toLocaleString('en-US', { maximumFractionDigits: rowsPerSecond < 10 ? 1 : 0 });
}

/**
 * Follows the events of a run and knows how far its plan is, and how fast it goes on. What is done only grows: rows that a job
 * has processed may have to be sent again, and are then not done a second time.
 */
export class WorkMeter {
  private plan: PlanWork = { steps: 0, settled: 0, kinds: 0 };
  private kind: string | undefined;
  private done = 0;
  private collected = 0;
  private readonly processed = new Map<number, number>();
  private points: Point[] = [];
  private canary: number | undefined;

  /** @param time of the event (ms) */
  public see(event: RunEvent, time: number): void {
    switch (event.type) {
      case 'begun':
        this.begin(event.kind, event);
        break;
      case 'jobProgress':
        this.processed.set(event.job, event.processed);
        break;
      case 'jobPlanned':
        this.canary = event.canary ? event.job : undefined;
        return;
      case 'jobCollected':
        this.processed.delete(event.job);
        this.collected += event.succeeded + event.failed;
        // One row takes as long as many: it says nothing about those that follow.
        if (this.canary === event.job) this.points = [];
        break;
      case 'collection':
        this.collected += event.rows;
        break;
      default:
        return;
    }
    this.addPoint(time);
  }

  /** Undefined before anything is to be sent. */
  public status(): WorkStatus | undefined {
    const { kind, done, plan } = this;
    if (kind === undefined || plan.steps === 0) return undefined;
    return { unit: plan.kinds > 1 ? 'records' : kind, done, steps: plan.steps, pace: paceOf(this.points) };
  }

  /** The kinds go at a pace of their own. */
  private begin(kind: string, { steps, settled, kinds }: PlanWork): void {
    this.kind = kind;
    this.plan = { steps, settled, kinds };
    this.collected = 0;
    this.points = [];
    this.processed.clear();
  }

  private addPoint(time: number): void {
    const { steps, settled } = this.plan;
    const running = [...this.processed.values()].reduce((sum, rows) => sum + rows, 0);
    this.done = Math.min(steps, Math.max(this.done, settled + this.collected + running));
    this.points = [...this.points.slice(-mostPoints), { time, done: this.done, left: steps - this.done }];
  }
}

export type WorkStatus = {
  /** The kind of the steps, or `records` where the plan has several kinds. */
  readonly unit: string;
  readonly done: number;
  readonly steps: number;
  readonly pace: Pace | undefined;
};
