// SPDX-License-Identifier: MIT
// A connector with authorization-status, show-authorization and remove-data.
import { expect, test } from 'powerup-secrets/playwright';

for (const twin of ['correct', 'faulty']) {
  const path = `/connector/${twin}.html`;

  test.describe(twin, () => {
    test.use({ trelloData: { member: { private: { authorized: true } } } });

    test('a member who has connected is authorized', async ({ trello }) => {
      await trello.seedSecret('token', 'token-of-ada');
      await trello.open(path);
      expect(await trello.capability('authorization-status')).toEqual({ authorized: true });
    });

    for (const scenario of ['connected-elsewhere', 'key-replaced', 'storage-blocked']) {
      test(`${scenario}: the member has to connect again`, async ({ trello }) => {
        test.fail(twin === 'faulty');
        await trello.seedSecret('token', 'token-of-ada');
        await trello.scenario(scenario);
        await trello.open(path);
        expect(await trello.capability('authorization-status')).toEqual({ authorized: false });
      });
    }

    test('Remove Personal Settings takes the secret out of the browser', async ({ trello }) => {
      test.fail(twin === 'faulty');
      await trello.seedSecret('token', 'token-of-ada');
      await trello.open(path);
      await trello.removePersonalSettings();
      expect(await trello.items()).toEqual([]);
      expect(await trello.pluginData('member', 'private')).toEqual({});
    });

    test('connecting in the popup stores the secret', async ({ page, trello }) => {
      await trello.open(path);
      await trello.capability('show-authorization');
      expect(await trello.popups()).toMatchObject([{ title: 'Connect' }]);

      await trello.open('/connector/authorize.html');
      await page.getByRole('button').click();
      await expect(trello).toHaveSecret('token', 'token-of-ada');
      await expect(trello).toHaveCalled('storeSecret', 'token');
    });
  });
}
