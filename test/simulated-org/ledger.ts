/** A record of every call the org got, in order of arrival: the tests' proof of what a client did and did not send. */

export type LedgerEntry = {
  /** 1 for the first call. */
  readonly seq: number;
  /** When it arrived, on the org's clock. */
  readonly time: string;
  readonly method: string;
  /** As sent, without the query string, leading slashes folded: `/services/data/v67.0/query`. */
  readonly path: string;
  /** The path below `/services/data/vXX.0`; the whole path for other calls. */
  readonly resource: string;
  readonly query: Readonly<Record<string, string>>;
  /** The SOQL of a query, from the address or from the body of a bulk query job. */
  readonly soql: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
  /** The body as text, when the ledger keeps bodies. */
  readonly body: string | undefined;
  /** Of the answer; undefined while it is being worked on, or when the connection was cut before. */
  status: number | undefined;
  /** Whether the call counts against the daily API requests. */
  counted: boolean;
  /** Name of the fault that hit it. */
  fault: string | undefined;
  /** Real milliseconds from arrival to answer. */
  milliseconds: number | undefined;
};

export class Ledger {
  readonly entries: LedgerEntry[] = [];
  /** Keep request bodies; off for runs with a million rows. */
  keepsBodies = true;

  /** Entries that match: method, and resource as text or pattern. */
  find(method?: string, resource?: string | RegExp): LedgerEntry[] {
    return this.entries.filter(
      (entry) => (method === undefined || entry.method === method) && matches(entry.resource, resource),
    );
  }

  count(method?: string, resource?: string | RegExp): number {
    return this.find(method, resource).length;
  }

  /** Calls that may change something: `readMetadata` is a POST, as all of SOAP is, and reads. */
  writes(): LedgerEntry[] {
    return this.entries.filter(({ method, path }) => method !== 'GET' && !path.startsWith('/services/Soap/m/'));
  }

  clear(): void {
    this.entries.length = 0;
  }
}

function matches(text: string, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? text === wanted : wanted.test(text);
}
