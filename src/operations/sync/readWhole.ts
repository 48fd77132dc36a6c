/** Reads results that must be whole: what has not come is read again, and never taken for what is not there. */
import { OrgError } from '../../model/orgError.js';
import type { OrgClient } from '../../org/orgClient.js';
import { queryPages, type Query, type QueryRow } from '../../org/query.js';

/** Reads of the same result, until it has come whole. */
const mostReads = 3;

/** For a query that makes its pages by itself. */
export const whole = { isWhole: true } as const;

/**
 * @param take each page; taken again from the first one where the result did not come whole
 * @param forget what was taken until then
 * @throws OrgError, also where it does not come whole at all
 */
export async function readWhole(
  client: OrgClient,
  query: Query,
  take: (rows: readonly QueryRow[]) => void,
  forget?: () => void,
): Promise<void> {
  await pagesWhole(() => queryPages(client, query, whole), take, forget);
}

/** @param pages of a query with `isWhole` */
export async function pagesWhole(
  pages: () => AsyncGenerator<readonly QueryRow[]>,
  take: (rows: readonly QueryRow[]) => void,
  forget: () => void = () => undefined,
): Promise<void> {
  for (let reads = 1; ; reads++) {
    try {
      for await (const rows of pages()) take(rows);
      return;
    } catch (error) {
      // Also a cursor that has ended, or a result that is gone.
      const isCut = error instanceof OrgError && (error.code === 'ROWS_MISSING' || error.kind === 'gone');
      if (!isCut || reads >= mostReads) throw error;
      forget();
    }
  }
}
