// SPDX-License-Identifier: MIT
// A card button that loads a token and calls a service.
import { expect, test } from 'powerup-secrets/playwright';

/** For what is expected to fail, which nobody has to wait for. */
const soon = expect.configure({ timeout: 1_000 });

for (const twin of ['correct', 'faulty']) {
  const path = `/card-button/${twin}.html`;
  const press = async (trello) => {
    const [button] = await trello.capability('card-buttons');
    expect(button.text).toBe('Tasks');
    // What the callback rejects with is nobody's to see; Trello shows nothing.
    await button.callback().catch(() => {});
  };

  test(`${twin}: the tasks are shown`, async ({ trello }) => {
    await trello.seedSecret('token', 'token-of-ada');
    await trello.open(path);
    await press(trello);
    await expect(trello).toHaveAlerted('Tasks: Water the plants');
  });

  test(`${twin}: the token is in no address, page or console`, async ({ trello }) => {
    test.fail(twin === 'faulty');
    await trello.seedSecret('token', 'token-of-ada');
    await trello.open(path);
    await press(trello);
    await expect(trello).not.toLeak('token-of-ada');
  });

  for (const [scenario, text] of [
    ['new-member', 'connect first'],
    ['key-replaced', 'connect again'],
    ['storage-blocked', 'enable local storage'],
  ]) {
    test(`${twin}: ${scenario}`, async ({ trello }) => {
      test.fail(twin === 'faulty');
      await trello.seedSecret('token', 'token-of-ada');
      await trello.scenario(scenario);
      await trello.open(path);
      await press(trello);
      expect((await trello.alerts()).map(({ message }) => message)).toContainEqual(
        expect.stringContaining(text),
      );
    });
  }

  test(`${twin}: a service that does not know the token`, async ({ trello }) => {
    test.fail(twin === 'faulty');
    await trello.seedSecret('token', 'old');
    await trello.open(path);
    await press(trello);
    const expectHere = twin === 'faulty' ? soon : expect;
    await expectHere(trello).toHaveAlerted(/connect again/);
  });
}
