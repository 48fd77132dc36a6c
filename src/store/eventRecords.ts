/** The run's diary in run.db: what happened when, without rows and without personal data. */
import type { DatabaseSync } from 'node:sqlite';
import type { Emit, RunEvent } from '../model/events.js';

/** Counters that come several times a second; the jobs hold what they end with. */
const passing: ReadonlySet<RunEvent['type']> = new Set(['read', 'jobProgress']);

/** @returns `emit`, with every event written down before it is told */
export function recordingEvents(db: DatabaseSync, emit: Emit): Emit {
  const insert = db.prepare('INSERT INTO event (time, type, data) VALUES (?, ?, ?)');
  return (event) => {
    const { type, ...data } = event;
    if (!passing.has(type)) insert.run(new Date().toISOString(), type, JSON.stringify(data));
    emit(event);
  };
}
