/** The form Salesforce asks of e-mail addresses and usernames (docs/salesforce-facts.md#identities, #row-errors). */

const emailForm =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])$/;

export function hasEmailForm(text: string): boolean {
  return emailForm.test(text);
}
