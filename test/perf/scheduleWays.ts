/** What the simulation of schedules compares: how contacts are spread over accounts, and what is sent. */

/** What became of one way to send the rows. */
export type Outcome = {
  /** Until the last user exists, with the rows that failed sent again. */
  readonly minutes: number;
  /** Rows that failed for a lock, each as often as it did. */
  readonly lockFailures: number;
  /** Users that were there after everything had been sent once. */
  readonly first: number;
};

/** By `family/spread/way`. */
export type Outcomes = Readonly<Record<string, Outcome>>;

export type Spread = 'uniform' | 'Zipf' | 'one large account';
export type Family = 'highVolume' | 'roleBased';
export type Way = 'this plugin' | 'one job' | 'jobs of 10,000, by account' | 'jobs of 10,000, random order';

/** A large account beside many small ones is looked at in a larger org: so large that it fills jobs by itself. */
export function contactsOf(spread: Spread, contacts: number): number {
  return spread === 'one large account' ? contacts * 3 : contacts;
}

export function contactsOfLargeAccount(contacts: number): number {
  return contacts * 2.5;
}

/** @param contacts of the spreads without a large account */
export function titleOf(spread: Spread, contacts: number): string {
  if (spread !== 'one large account') return spread;
  const [all, large] = [contactsOf(spread, contacts), contactsOfLargeAccount(contacts)];
  return `${large.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} in one account`;
}

export const families: readonly Family[] = ['roleBased', 'highVolume'];
export const spreads: readonly Spread[] = ['uniform', 'Zipf', 'one large account'];
export const ways: readonly Way[] = [
  'this plugin',
  'one job',
  'jobs of 10,000, by account',
  'jobs of 10,000, random order',
];
