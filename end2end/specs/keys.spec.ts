// The life of a key as an owner sees it, and what the real endpoint answers at each step.
import { expect, test } from '../fixtures.js';
import { ask, createKey, readSecret, signUp, somebody, verify } from '../steps.js';

test('a key is rotated with an overlap, and the old secret is ended', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Rosa Rotates'));
  const key = await createKey(page, home.url + team, 'dispatch-board');
  await page.goto(`${team}/keys/${key.id}`);
  await page.getByRole('link', { name: 'Rotate' }).click();
  await page.getByLabel('The old secret works').selectOption('1 hour more');
  await page.getByRole('button', { name: 'Rotate key' }).click();
  const secret = await readSecret(page);
  expect(secret).not.toBe(key.secret);
  await expect(page.getByRole('main')).toContainText(/The old secret pby_live_\w{8} ?… works until/);
  for (const either of [key.secret, secret]) {
    expect(await verify(home.url, either)).toMatchObject({ valid: true, key_id: key.id });
  }

  await page.goto(`${team}/keys/${key.id}`);
  await expect(page.getByRole('heading', { name: 'Two secrets', exact: true })).toBeVisible();
  expect(await page.content(), 'it is shown once').not.toContain(secret);
  await page.goto(`${team}/keys/${key.id}/rotate`);
  await expect(page.getByText('It has two secrets already. End the old one first.')).toBeVisible();
  await page.getByRole('link', { name: 'Back to the key' }).click();
  await page.getByRole('button', { name: 'End the old secret now' }).click();
  await expect(page.getByText('The old secret of dispatch-board is refused from now on.'))
    .toBeVisible();
  await expect(page.getByRole('heading', { name: 'Two secrets', exact: true })).toHaveCount(0);
  expect(await verify(home.url, key.secret)).toMatchObject({ valid: false, code: 'EXPIRED' });
  expect(await verify(home.url, secret)).toMatchObject({ valid: true });
});

test('a key is switched off and on', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Otto Off'));
  const key = await createKey(page, home.url + team, 'dock-scheduler');
  await page.goto(`${team}/keys/${key.id}`);
  await page.getByRole('button', { name: 'Switch it off' }).click();
  await expect(page.getByText('dock-scheduler is switched off. It is refused from now on.'))
    .toBeVisible();
  expect(await verify(home.url, key.secret)).toMatchObject({ valid: false, code: 'DISABLED' });
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await expect(page.getByText('dock-scheduler is switched on and accepted again.')).toBeVisible();
  expect(await verify(home.url, key.secret)).toMatchObject({ valid: true });
});

test('a key is changed, and one that may acts in Probity', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Clara Changes'));
  const key = await createKey(page, home.url + team, 'ledger-sync');
  const ofTeam = async () => {
    const headers = { authorization: `Bearer ${key.secret}` };
    return fetch(`${home.url}/v1/team`, { headers });
  };
  expect((await ofTeam()).status, 'it may nothing here').toBe(403);
  await page.goto(`${team}/keys/${key.id}`);
  await page.getByRole('link', { name: 'Change', exact: true }).click();
  await expect(page.getByLabel('Name')).toHaveValue('ledger-sync');
  await page.getByLabel('Name').fill('ledger-sync 2');
  await page.getByLabel('Scopes').fill('orders:read');
  await page.getByLabel('Calls in a month').fill('none');
  await page.getByText('What it may do in Probity').click();
  await page.getByLabel('See API keys and copy their public part').check();
  await page.getByRole('button', { name: 'Change the key' }).click();
  await expect(page.getByText(/Enter a whole number of calls/).first()).toBeVisible();
  await expect(page.getByLabel('Scopes')).toHaveValue('orders:read');
  await expect(page.getByLabel('See API keys and copy their public part')).toBeChecked();
  await page.getByLabel('Calls in a month').fill('1000');
  await page.getByRole('button', { name: 'Change the key' }).click();
  await expect(page.getByText('ledger-sync 2 is changed. It holds from now on.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'What it may' })).toContainText('orders:read');
  await expect(page.getByRole('region', { name: 'What it may' })).toContainText('See API keys');
  const answer = await ofTeam();
  expect(await answer.json()).toMatchObject({ permissions: ['team.view', 'keys.view'] });
});

test('a key that was found in public is warned of, and switched off where that is wanted', async ({
  page,
  home,
}) => {
  const team = await signUp(page, home, somebody('Lena Leaks'));
  const key = await createKey(page, home.url + team, 'label-printer');
  const text = `export KEY='${key.secret}'`;
  const report = async () => {
    const source = 'https://git.example/labels/.env';
    const answer = await page.request.post(`${home.url}/v1/keys/scan`, { data: { text, source } });
    return (await answer.json()).keys[0];
  };
  expect(await report()).toMatchObject({ key_id: key.id, live: true, lines: [1], reported: true });
  await page.goto(`${team}/keys`);
  await expect(page.getByRole('row', { name: /label-printer/ })).toContainText('found in public');
  await page.getByRole('link', { name: 'label-printer' }).click();
  const warning = page.getByRole('region', { name: 'Found in public' });
  await expect(warning).toContainText('A scanner found this key at https://git.example/labels/.env');
  await expect(warning.getByRole('link'), 'strangers say where').toHaveCount(0);
  await warning.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByText('The warning of label-printer is gone until it is found again.'))
    .toBeVisible();
  await expect(warning).toHaveCount(0);

  await page.goto(`${team}/policy`);
  const keys = page.getByRole('region', { name: 'Keys', exact: true });
  await keys.getByLabel('A key that is found in public')
    .selectOption('Is switched off at once; who can rotate it is told');
  await keys.getByRole('button', { name: 'Save' }).click();
  await expect(keys.getByLabel('A key that is found in public')).toHaveValue('yes');
  expect(await report()).toMatchObject({ live: true, reported: true });
  expect(await verify(home.url, key.secret)).toMatchObject({ valid: false, code: 'DISABLED' });
});

test('scopes and limits are kept, told and lose nothing that was typed', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Lina Limits'));
  await page.goto(`${team}/keys/new`);
  await page.getByLabel('Name', { exact: true }).fill('metered');
  await page.getByLabel('Ends after, days').fill('never');
  await page.getByText('Scopes, networks and limits').click();
  await page.getByLabel('Scopes').fill('orders:read\nread@invoices');
  await page.getByLabel('Calls at most').fill('ten');
  await page.getByLabel('Calls in a month').fill('3');
  await page.getByLabel('Metadata').fill('{"customer": "c_17"}');
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('Enter a whole number from 1 to 1,000,000.').first()).toBeVisible();
  await expect(page.getByLabel('Metadata')).toHaveValue('{"customer": "c_17"}');
  await page.getByLabel('Calls at most').fill('100');
  await page.getByRole('button', { name: 'Create key' }).click();
  const secret = await readSecret(page);

  const allowed = { scopes: ['orders:read'], cost: 2 };
  expect(await ask(home.url, { key: secret, ...allowed })).toMatchObject({
    valid: true,
    expires_at: null,
    scopes: ['orders:read', 'read@invoices'],
    metadata: { customer: 'c_17' },
    ratelimit: { limit: 100, remaining: 98 },
    quota: { limit: 3, remaining: 1 },
  });
  expect(await ask(home.url, { key: secret, ...allowed })).toMatchObject({
    valid: false,
    code: 'QUOTA_EXCEEDED',
  });
  const elsewhere = { key: secret, scopes: ['read'], resource: 'orders' };
  expect(await ask(home.url, elsewhere)).toMatchObject({ code: 'INSUFFICIENT_SCOPE' });

  await page.goto(`${team}/keys`);
  await page.getByRole('link', { name: 'metered' }).click();
  await expect(page.getByText('100 a minute')).toBeVisible();
  await expect(page.getByText('3 a month, 2 used')).toBeVisible();
  await expect(page.getByRole('progressbar', { name: /quota/ })).toHaveAttribute('value', '2');
  await expect(page.getByText('{"customer":"c_17"}')).toBeVisible();
});

test('keys are found by what is asked for', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Sina Seeks'));
  for (const name of ['billing-sync', 'dispatch-board']) {
    await createKey(page, home.url + team, name);
  }
  await page.goto(`${team}/keys`);
  await page.getByLabel('Name or start of a key').fill('BILL');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('link', { name: 'billing-sync' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'dispatch-board' })).toHaveCount(0);
  await page.getByLabel('Name or start of a key').fill('nothing like it');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByText('No key like that')).toBeVisible();
  await page.getByRole('link', { name: 'Show all keys' }).click();
  await page.getByLabel('Order').selectOption('By name');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('row').nth(1)).toContainText('billing-sync');
});

test('whoever revokes a key in use types its name', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Vera Revokes'));
  const key = await createKey(page, home.url + team, 'label-printer');
  expect(await verify(home.url, key.secret)).toMatchObject({ valid: true });
  await expect(async () => {
    await page.goto(`${team}/keys/${key.id}/revoke`); // counted within a second or two
    await expect(page.getByLabel('Its name')).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
  await page.getByLabel('Its name').fill('printer');
  await page.getByRole('button', { name: 'Revoke for good' }).click();
  await expect(page.getByText('It is in use. Type its name, label-printer, to revoke it.').first())
    .toBeVisible();
  await page.getByLabel('Its name').fill('label-printer');
  await page.getByRole('button', { name: 'Revoke for good' }).click();
  await expect(page.getByText('Key label-printer was revoked.')).toBeVisible();
  expect(await verify(home.url, key.secret)).toMatchObject({ valid: false, code: 'NOT_FOUND' });
});

test('the usage of a key is counted, drawn and told', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Ursa Uses'));
  await page.goto(`${team}/usage`);
  await expect(page.getByText('No calls in this time')).toBeVisible();
  const key = await createKey(page, home.url + team, 'fleet-telemetry');
  for (let call = 0; call < 3; call++) await verify(home.url, key.secret);
  await ask(home.url, { key: key.secret, ip: '203.0.113.7', scopes: ['nothing'] });
  await expect(async () => {
    await page.goto(`${team}/keys/${key.id}`); // counted within a second or two
    await page.getByRole('link', { name: 'look at all' }).click();
    const said = 'Three calls were accepted, 1 refused in the last 24 hours.';
    await expect(page.getByText(said)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
  const chart = page.getByRole('img', { name: /^Three calls were accepted, 1 refused/ });
  await expect(chart.locator('rect')).toHaveCount(2);
  await page.getByText('View as table').click();
  const latest = page.getByRole('table', { name: /^Calls over time/ }).getByRole('row').nth(1);
  await expect(latest.getByRole('cell')).toHaveText(['3', '1']);
  await expect(page.getByRole('row', { name: 'INSUFFICIENT_SCOPE 1' })).toBeVisible();
  const address = page.getByRole('table', { name: 'Calls by address' }).getByRole('row').nth(1);
  await expect(address.getByRole('rowheader')).toHaveText('203.0.113.7');
  await expect(address.getByRole('cell').nth(0)).toHaveText('1');
  await expect(address.getByRole('cell').nth(1)).toHaveText('100\u00a0%');
  await page.getByRole('link', { name: '90 days' }).click();
  await expect(page.getByText('Three calls were accepted, 1 refused in the last 90 days.'))
    .toBeVisible();
  const file = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
  const text = await (await page.request.get(file ?? '')).text();
  expect(text).toContain('"fleet-telemetry","VALID","","3"');
});
