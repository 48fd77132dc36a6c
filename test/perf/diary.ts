/** What the diary of a run (the events in run.db) says about time. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

type Entry = { readonly time: number; readonly type: string; readonly data: Readonly<Record<string, unknown>> };

function readDiary(folder: string): Entry[] {
  const db = new DatabaseSync(join(folder, 'run.db'), { readOnly: true });
  const rows = db.prepare('SELECT time, type, data FROM event ORDER BY n').all();
  db.close();
  return rows.map(({ time, type, data }) => ({
    time: Date.parse(String(time)) / 1000,
    type: String(type),
    data: JSON.parse(String(data)) as Entry['data'],
  }));
}

function timeOf(entry: Entry | undefined): number {
  if (entry === undefined) throw new Error('the diary of the run says nothing about that');
  return entry.time;
}

/** From the stage in which rows are sent to the last thing that happened. */
export function applySeconds(folder: string): number {
  const diary = readDiary(folder);
  return timeOf(diary.at(-1)) - timeOf(diary.find(({ data }) => data['stage'] === 'apply'));
}

/** From the intent of the jobs with one row to the last of their outcomes; 0 where the plan needs none. */
export function canarySeconds(folder: string): number {
  const diary = readDiary(folder);
  const canaries = diary.filter(({ type, data }) => type === 'jobPlanned' && data['canary'] === true);
  if (canaries.length === 0) return 0;
  const jobs = canaries.map(({ data }) => data['job']);
  const collected = diary.findLast(({ type, data }) => type === 'jobCollected' && jobs.includes(data['job']));
  return timeOf(collected) - timeOf(canaries[0]);
}
