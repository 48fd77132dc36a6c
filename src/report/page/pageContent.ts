/** What report.html shows; the page only sets it. */
import type { UserState } from '../../model/access/userList.js';
import type { GuardKind } from '../../model/guards.js';
import type { PersonState } from '../../model/pageData.js';
import type { Share, Span } from './charts.js';

/** What a subject has come to, or what a listed user can do; the names are those of templates/report.css. */
type PageState = PersonState | UserState;

type PageFact = {
  readonly label: string;
  readonly value: string;
  /** Behind the value, in parentheses; never broken. */
  readonly id?: string;
  /** It names somebody, or may. */
  readonly isName: boolean;
};

export type PageCount = { readonly state: PageState; readonly label: string; readonly amount: number };

export type PageNote = {
  readonly kind: GuardKind | 'fact';
  readonly text: string;
  readonly advice: string | undefined;
};

export type PageReason = {
  readonly state: PersonState;
  readonly label: string;
  readonly code: string;
  /** Why, in plain words; undefined where Salesforce's code has to do. */
  readonly text: string | undefined;
  /** What Salesforce said to the first of them; it may quote what a row holds. */
  readonly quote: string | undefined;
  readonly advice: string;
  readonly count: number;
  /** Some of the people concerned. */
  readonly people: readonly string[];
};

/** A table of numbers. */
export type PageFigures = {
  readonly heading: string;
  /** Of the first column. */
  readonly name: string;
  /** Of the other columns. */
  readonly heads: readonly string[];
  readonly rows: readonly FigureRow[];
  /** What the heads mean, where that is not plain. */
  readonly note: string | undefined;
};

export type FigureRow = {
  readonly kind: 'group' | 'item' | 'sum';
  readonly name: string;
  /** A picture of its numbers, and the same in words. */
  readonly bar: { readonly shares: readonly Share[]; readonly title: string } | undefined;
  /** Written for people; '' where a figure makes no sense. */
  readonly cells: readonly string[];
};

/** A command that can be run next, and what it does. */
type PageCommand = { readonly text: string; readonly command: string };

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
  /** Which org, who, when. */
  readonly facts: readonly PageFact[];
  /** Heading of the counts. */
  readonly outcome: string;
  /** Parts of one whole: everybody is in one of them. */
  readonly counts: readonly PageCount[];
  /** Numbers that overlap with the counts. */
  readonly further: ReadonlyArray<Pick<PageCount, 'label' | 'amount'>>;
  readonly notes: readonly PageNote[];
  readonly next: readonly PageCommand[];
  readonly reasons: readonly PageReason[];
  readonly figures: readonly PageFigures[];
  readonly jobs: readonly Span[];
  /** Heading of the table. */
  readonly people: string;
  readonly columns: readonly PageColumn[];
  /** The first column is a PageState. */
  readonly rows: ReadonlyArray<readonly string[]>;
  /** All rows that there are; the page may hold fewer. */
  readonly total: number;
  /** Of what is saved from the page, without an extension. */
  readonly fileName: string;
};
