// Keyword rules as people keep them, and what the real endpoint makes of a message.
import { expect, test } from '../fixtures.js';
import { createKey, signUp, somebody } from '../steps.js';

/** What an API asks for a message of its customer. */
async function match(url: string, key: string, body: Record<string, unknown>): Promise<unknown> {
  const response = await fetch(`${url}/v1/match`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return response.json();
}

test('a program and a rule answer a message with the affiliate key', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Mira Matches'));
  const key = await createKey(page, home.url + team, 'chat-widget');
  await page.goto(`${team}/rules`);
  await expect(page.getByText('No rules yet')).toBeVisible();
  await page.getByRole('link', { name: 'Programs', exact: true }).click();
  await page.getByLabel('Name').fill('Nordly Partners');
  await page.getByLabel('Affiliate key').fill('mira-21');
  await page.getByRole('button', { name: 'Add the program' }).click();
  await expect(page.getByText('Its key is sealed and not shown again.')).toBeVisible();
  expect(await page.content(), 'it is never shown').not.toContain('mira-21');

  await page.goto(`${team}/rules/new`);
  await page.getByLabel('Keyword').fill('Running shoes');
  await page.getByLabel('Leads to').fill('http://shop.example/?tag={tag}');
  await page.getByLabel('Affiliate program').selectOption('Nordly Partners');
  await page.getByRole('button', { name: 'Make the rule' }).click();
  await expect(page.getByText('The address must be safe to follow.').first()).toBeVisible();
  await expect(page.getByLabel('Keyword')).toHaveValue('Running shoes');
  await page.getByLabel('Leads to').fill('https://shop.example/?tag={tag}&q={query}');
  await page.getByRole('button', { name: 'Make the rule' }).click();
  await expect(page.getByText('The rule for Running shoes is made.')).toBeVisible();

  const message = { message: 'red RUNNING shoes' };
  expect(await match(home.url, key.secret, message)).toMatchObject({
    offers: [{ keyword: 'Running shoes', program: 'Nordly Partners',
      url: 'https://shop.example/?tag=mira-21&q=red%20RUNNING%20shoes' }],
  });
  await page.getByRole('link', { name: 'Try a message' }).click();
  await page.getByLabel('Message').fill('red running shoes');
  await page.getByRole('button', { name: 'Try it' }).click();
  await expect(page.getByText('https://shop.example/?tag={tag}&q=red%20running%20shoes'))
    .toBeVisible();

  await page.getByRole('link', { name: 'Running shoes' }).click();
  await page.getByRole('button', { name: 'Switch it off' }).click();
  await expect(page.getByText('The rule for Running shoes is switched off.')).toBeVisible();
  expect(await match(home.url, key.secret, message)).toEqual({ offers: [] });
  await page.getByRole('link', { name: 'Delete the rule' }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByText('The rule for Running shoes is deleted.')).toBeVisible();
});

test('a file is looked at, and imported when it is said', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Iris Imports'));
  await page.goto(`${team}/rules/import`);
  const file = (text: string) => ({ name: 'rules.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByLabel('CSV file').setInputFiles(file('colour\nred\n'));
  await page.getByRole('button', { name: 'Look at the file' }).click();
  await expect(page.getByText('The first line must name the columns').first()).toBeVisible();
  const text = 'keyword,url\nSkis,https://shop.example/skis\nBoots,http://shop.example\n';
  await page.getByLabel('CSV file').setInputFiles(file(text));
  await page.getByRole('button', { name: 'Look at the file' }).click();
  await expect(page.getByRole('row', { name: /^3 url: The address must be safe/ })).toBeVisible();
  await page.goto(`${team}/rules`);
  await expect(page.getByText('No rules yet'), 'nothing is written').toBeVisible();
  await page.goto(`${team}/rules/import`);
  await page.getByRole('button', { name: 'Import one rule, leave bad lines out' }).click();
  await expect(page.getByText('Imported: 1 new, 0 changed, 0 unchanged, 1 left out.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Skis' })).toBeVisible();
  const csv = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
  const exported = await (await page.request.get(csv ?? '')).text();
  expect(exported).toContain('"Skis","phrase","","https://shop.example/skis"');
  await page.goto(`${team}/rules/import`);
  await page.getByLabel('CSV file').setInputFiles(file(exported));
  await page.getByRole('button', { name: 'Look at the file' }).click();
  await expect(page.getByText('All of it is there already.')).toBeVisible();
});
