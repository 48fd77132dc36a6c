/** What report.html shows; the page only sets it. */
import type { UserState } from '../../model/access/userList.js';
import type { PersonState } from '../../model/pageData.js';
import type { Span } from './charts.js';

/** What a subject has come to, or what a listed user can do; the names are those of templates/report.css. */
export type PageState = PersonState | UserState;

export type PageReason = {
  readonly state: PersonState;
  readonly code: string;
  /** Why, in plain words; undefined where Salesforce's code has to do. */
  readonly text: string | undefined;
  readonly advice: string;
  readonly count: number;
  /** Some of the people concerned. */
  readonly people: readonly string[];
};

export type PageLicense = {
  readonly name: string;
  /** Negative: unlimited. */
  readonly total: number;
  readonly before: number;
  readonly after: number;
};

/** A cell is one of a row, in the order of the columns. */
export type PageColumn = {
  readonly key: string;
  readonly label: string;
  /** It names somebody, or may. */
  readonly isName: boolean;
};

export type PageContent = {
  /** What it is a report of: "Create portal users". */
  readonly title: string;
  /** What became of it, in a sentence. */
  readonly headline: string;
  readonly isProduction: boolean;
  /** Which org, who, when: label and value. */
  readonly facts: ReadonlyArray<readonly [label: string, value: string]>;
  readonly counts: ReadonlyArray<readonly [PageState, number]>;
  readonly notes: readonly string[];
  readonly licenses: readonly PageLicense[];
  readonly reasons: readonly PageReason[];
  readonly jobs: readonly Span[];
  /** Commands that can be run next. */
  readonly next: readonly string[];
  readonly columns: readonly PageColumn[];
  /** The first column is a PageState. */
  readonly rows: ReadonlyArray<readonly string[]>;
  /** All rows that there are; the page may hold fewer. */
  readonly total: number;
  /** Of what is saved from the page, without an extension. */
  readonly fileName: string;
};
