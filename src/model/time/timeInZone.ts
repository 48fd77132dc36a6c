/** Weekday and time where people are. */

type ZoneTime = {
  /** In English: `Friday`. */
  readonly day: string;
  /** 0 to 23. */
  readonly hour: number;
  /** `5:12 PM` */
  readonly time: string;
};

/**
 * @param timeZone as Salesforce has it in TimeZoneSidKey, such as `Europe/Paris`
 * @param now milliseconds
 * @returns undefined for a time zone that this machine does not know
 */
export function timeInZone(timeZone: string, now: number): ZoneTime | undefined {
  try {
    const part = (options: Intl.DateTimeFormatOptions): string =>
      new Intl.DateTimeFormat('en-US', { timeZone, ...options }).format(now);
    return {
      day: part({ weekday: 'long' }),
      hour: Number(part({ hour: 'numeric', hourCycle: 'h23' })),
      time: part({ hour: 'numeric', minute: '2-digit' }).replace(/\s/u, ' '),
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
