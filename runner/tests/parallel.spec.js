// SPDX-License-Identifier: MIT
// Many tests in four workers at once: none sees what another has stored, set or called.
// POWERUP_SECRETS_PARALLEL: how many.
import { expect, test } from 'powerup-secrets/playwright';

const count = Number(process.env.POWERUP_SECRETS_PARALLEL ?? 60);

for (let i = 0; i < count; i++) {
  test(`test ${i} is alone`, async ({ page, trello }) => {
    expect(await trello.items()).toEqual([]);
    expect(await trello.calls()).toEqual([]);
    expect(await trello.pluginData('member', 'private')).toEqual({});

    await trello.seedSecret('user', `user ${i}`);
    await trello.seedSecret('token', `token ${i}`);
    await trello.open('/settings-form/correct.html');
    await expect(page.getByText(`Connected as user ${i}`, { exact: true })).toBeVisible();
    await trello.switchBrowser();
    expect(await trello.secret('token')).toBe(null);
  });
}
