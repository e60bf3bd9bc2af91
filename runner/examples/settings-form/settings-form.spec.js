// SPDX-License-Identifier: MIT
// A settings form that stores two values.
import { expect, test } from 'powerup-secrets/playwright';

for (const twin of ['correct', 'faulty']) {
  const path = `/settings-form/${twin}.html`;

  test(`${twin}: what a new member saves is there at the next visit`, async ({
    page,
    trello,
    trelloFidelity,
  }) => {
    // Two keys at once are what Trello's library makes; its documentation promises one.
    test.fail(twin === 'faulty' && trelloFidelity === 'library');
    await trello.scenario('new-member');
    await trello.open(path);
    await page.getByLabel('User').fill('ada');
    await page.getByLabel('Token').fill('abc');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved')).toBeVisible();

    await trello.open(path);
    await expect(page.getByText('Connected as ada')).toBeVisible();
    await expect(trello).toHaveSecret('token', 'abc');
    await expect(trello).not.toLeak('abc');
  });

  for (const [scenario, text] of [
    ['key-replaced', 'connect again'],
    ['storage-blocked', 'enable local storage'],
  ]) {
    test(`${twin}: ${scenario}`, async ({ page, trello }) => {
      test.fail(twin === 'faulty');
      await trello.seedSecret('user', 'ada');
      await trello.seedSecret('token', 'abc');
      await trello.scenario(scenario);
      await trello.open(path);
      await expect(page.getByRole('status')).toContainText(text, { timeout: 2000 });
    });
  }
}
