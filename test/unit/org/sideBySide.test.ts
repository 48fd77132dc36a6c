/** Calls at the same time: nothing is under way any more when their outcome is known. */
import { expect } from 'chai';
import { sideBySide } from '../../../lib/org/sideBySide.js';

describe('calls side by side', () => {
  it('gives what each of them gave, in their order', async () => {
    const later = new Promise<number>((resolve) => setTimeout(resolve, 5, 1));
    expect(await sideBySide([later, Promise.resolve('two')])).to.deep.equal([1, 'two']);
  });

  it('throws the failure of one only when the others are done', async () => {
    let isDone = false;
    const slow = new Promise<void>((resolve) => {
      setTimeout(() => {
        isDone = true;
        resolve();
      }, 5);
    });
    const thrown = await sideBySide([Promise.reject(new Error('no')), slow]).catch((error: unknown) => error);
    expect([String(thrown), isDone]).to.deep.equal(['Error: no', true]);
  });
});
