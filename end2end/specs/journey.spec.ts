// The whole way of a newcomer: from the set-up link to reading both acts in the audit log.
import { expect, expectAccessible, listen, test } from '../fixtures.js';
import { startProbity } from '../probity.js';
import { ADA, createKey, setUp, verify } from '../steps.js';

test('a newcomer makes a key, verifies it, revokes it and reads it in the record', async ({
  browser,
  javaScriptEnabled,
}) => {
  const probity = await startProbity();
  try {
    const context = await browser.newContext({ baseURL: probity.url, javaScriptEnabled });
    const page = await context.newPage();
    const complaints = listen(page);
    const team = await setUp(page, probity.setUpLink, ADA);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('No keys yet.');

    const key = await createKey(page, probity.url + team, 'dispatch-board');
    expect(key.secret).toMatch(/^pby_live_[0-9A-Za-z]{43,}$/);
    if (javaScriptEnabled) {
      await expectAccessible(page);
      await page.getByLabel('I have stored this key').check();
    }
    expect(await verify(probity.url, key.secret)).toMatchObject({
      valid: true,
      code: 'VALID',
      key_id: key.id,
      name: 'dispatch-board',
      environment: 'live',
    });

    await page.getByRole('link', { name: 'Verify it with curl' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('dispatch-board');
    expect(await page.content(), 'a key is shown once').not.toContain(key.secret);
    await expect(page.getByText(`curl ${probity.url}/v1/keys/verify`)).toBeVisible();

    await page.getByRole('link', { name: 'Revoke key' }).click();
    await expect(async () => {
      await page.reload(); // its use is counted within a second or two
      await expect(page.getByLabel('Its name')).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 10_000 });
    await page.getByLabel('Its name').fill('dispatch-board');
    await page.getByRole('button', { name: 'Revoke for good' }).click();
    await expect(page.getByText('Key dispatch-board was revoked. It is refused from now on.'))
      .toBeVisible();
    const row = page.getByRole('row').filter({ hasText: 'dispatch-board' });
    await expect(row.getByText('revoked')).toBeVisible();
    await row.getByRole('link', { name: 'dispatch-board' }).click();
    const said = await page.getByText(/is refused with [A-Z_]+\./).innerText();
    const code = said.match(/[A-Z_]{3,}/)?.[0];
    expect(await verify(probity.url, key.secret)).toMatchObject({ valid: false, code });

    await page.getByRole('link', { name: 'Audit log', exact: true }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Audit log');
    await expect(async () => {
      await page.reload(); // the first use is written within a second or two
      for (const action of ['team.create', 'key.create', 'key.first_use', 'key.revoke']) {
        const act = page.getByRole('row').filter({ hasText: action });
        await expect(act, action).toBeVisible({ timeout: 500 });
      }
    }).toPass({ timeout: 10_000 });
    await expect(page.getByText(/^Proven up to record \d+|^Chain unbroken from 1 to \d+$/)).toBeVisible();

    await page.getByRole('link', { name: /^Record \d+: Key revoked/ }).click();
    await expect(page.getByText(/Record \d+ fits its chain/)).toBeVisible();
    await expect(page.getByRole('main').getByText('Ada Lindqvist').first()).toBeVisible();
    expect(complaints).toEqual([]);
    await context.close();
  } finally {
    await probity.stop();
  }
});
