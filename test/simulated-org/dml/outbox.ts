/** The mails the org has sent: the tests' proof of who was written to, and who was not. */

export type Mail = {
  readonly kind: 'welcome' | 'usernameChanged' | 'emailChanged' | 'passwordReset';
  readonly to: string;
  readonly userId: string;
  /** The site, for welcome mails. */
  readonly networkId: string | null;
  readonly sentAt: string;
};

export type Outbox = {
  readonly mails: Mail[];
  /** That resets of passwords have answered with: nobody may keep them. */
  readonly temporaryPasswords: string[];
};

export function createOutbox(): Outbox {
  return { mails: [], temporaryPasswords: [] };
}
