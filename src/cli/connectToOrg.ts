/** Connects a command to its org, and warns of a clock that is wrong. */
import type { Connection } from '@salesforce/core';
import { connectOrg } from '../org/connectOrg.js';
import type { OrgClient } from '../org/orgClient.js';
import type { Screen } from '../report/screen.js';
import { sharedText } from '../report/texts.js';

const minute = 60_000;
/** More than that is no delay on the way. */
const mostMinutes = 5;

/** @throws OrgError */
export async function connectToOrg(connection: Connection, { warn }: Pick<Screen, 'warn'>): Promise<OrgClient> {
  const client = await connectOrg(connection);
  const minutes = Math.round((Date.now() - client.now()) / minute);
  if (Math.abs(minutes) > mostMinutes) {
    const key = minutes > 0 ? 'warning.clockFast' : 'warning.clockSlow';
    warn({ name: 'WrongClock', message: sharedText(key, durationWords(Math.abs(minutes))) });
  }
  return client;
}

/** `9 minutes`, `3 hours`, `8 days`: the largest unit of which there are two. */
function durationWords(minutes: number): string {
  const units = [
    ['day', 1440],
    ['hour', 60],
    ['minute', 1],
  ] as const;
  const [unit, size] = units.find(([, length]) => minutes >= 2 * length) ?? (['minute', 1] as const);
  const format = new Intl.NumberFormat('en-US', { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(Math.round(minutes / size));
}
