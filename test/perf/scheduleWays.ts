/** What the simulation of schedules compares: how contacts are spread over accounts, and what is sent. */

/** What became of one way to send the rows. */
export type Outcome = {
  /** Until the last user is there, with the rows that failed sent again. */
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

export const families: readonly Family[] = ['roleBased', 'highVolume'];
export const spreads: readonly Spread[] = ['uniform', 'Zipf', 'one large account'];
export const ways: readonly Way[] = [
  'this plugin',
  'one job',
  'jobs of 10,000, by account',
  'jobs of 10,000, random order',
];
