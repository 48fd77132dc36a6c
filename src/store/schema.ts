/** The tables of run.db. */

/** Raised whenever a table changes, or what a run must know of itself: a run folder of another version is refused, never guessed at. */
export const schemaVersion = 8;

/**
 * The states, and what they mean together, are in src/model/steps.ts. `subject`: one row for each selected contact or user,
 * in the order of the selection. Steps of a lower wave go first.
 */
export const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE subject (
    n INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    line INTEGER,
    cells TEXT,
    contactId TEXT,
    accountId TEXT,
    name TEXT,
    accountName TEXT,
    userId TEXT,
    username TEXT,
    profileId TEXT,
    groupName TEXT,
    snapshot TEXT,
    verdict TEXT NOT NULL,
    reason TEXT,
    detailText TEXT,
    detailFacts TEXT,
    furtherDetails TEXT,
    state TEXT
  );
  CREATE TABLE step (
    n INTEGER PRIMARY KEY,
    subject INTEGER NOT NULL,
    kind TEXT NOT NULL,
    stage INTEGER NOT NULL,
    restsOn INTEGER NOT NULL,
    target TEXT NOT NULL,
    label TEXT,
    fieldValues TEXT NOT NULL,
    seats INTEGER NOT NULL,
    family TEXT NOT NULL,
    wave INTEGER NOT NULL DEFAULT 1,
    lock TEXT,
    username TEXT,
    nickname TEXT,
    givenNickname TEXT,
    givenFederationId TEXT,
    state TEXT NOT NULL DEFAULT 'planned',
    droppedFor INTEGER,
    refusals INTEGER NOT NULL DEFAULT 0,
    notBefore INTEGER NOT NULL DEFAULT 0,
    send INTEGER,
    created TEXT,
    after TEXT,
    errorCode TEXT,
    errorMessage TEXT
  );
  CREATE TABLE send (
    n INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    way TEXT NOT NULL,
    state TEXT NOT NULL,
    orgId TEXT,
    family TEXT NOT NULL,
    size INTEGER NOT NULL,
    most INTEGER NOT NULL,
    canary INTEGER NOT NULL,
    maker TEXT,
    createdDate TEXT,
    orgState TEXT,
    errorMessage TEXT,
    milliseconds INTEGER NOT NULL DEFAULT 0,
    again INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE sending (
    step INTEGER NOT NULL,
    send INTEGER NOT NULL,
    answer TEXT,
    PRIMARY KEY (step, send)
  ) WITHOUT ROWID;
  CREATE TABLE event (n INTEGER PRIMARY KEY, time TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL);
`;

/**
 * Made once the plan is complete: loading first and indexing afterwards is cheaper. They hold all that is counted again and
 * again, as a row is wide and a look at each takes long.
 */
export const indexes = `
  CREATE INDEX IF NOT EXISTS subjectState ON subject (state) WHERE state IS NOT NULL;
  CREATE INDEX IF NOT EXISTS subjectDecided ON subject (verdict, reason) WHERE state IS NULL;
  CREATE INDEX IF NOT EXISTS stepState ON step (state, stage, kind, family, wave, lock, n, notBefore);
  CREATE INDEX IF NOT EXISTS stepSubject ON step (subject);
  CREATE INDEX IF NOT EXISTS stepSend ON step (send) WHERE send IS NOT NULL;
`;
