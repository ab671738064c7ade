// The API explorer: a test key, real calls, and code that does the same elsewhere.
import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.js';
import { signUp, somebody } from '../steps.js';

/** The call on the page, in this language. */
async function code(page: Page, language: string): Promise<string> {
  const shown = page.getByRole('region', { name: language, exact: true });
  if (!await shown.isVisible()) await page.locator('summary', { hasText: language }).click();
  return shown.innerText();
}

test('an endpoint is called for real with a test key made here', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Elsa Explores'));
  await page.goto(`${team}/explorer`);
  await page.getByRole('link', { name: 'Create a key' }).click();
  await page.getByRole('button', { name: 'Send POST' }).click();
  await expect(page.getByText('This needs a key. Make a test key first, above.')).toBeVisible();
  await page.getByLabel('A new key may').selectOption('Also change what you may change');
  await page.getByRole('button', { name: 'Make a test key' }).click();
  await expect(page.getByText('The test key is made. It ends after a day.')).toBeVisible();
  await expect(page.getByText(/Calls are made with pby_test_\w{8} ?…/)).toBeVisible();
  await expect(page).toHaveURL(`${team}/explorer/createKey`);

  await page.getByLabel('name', { exact: true }).fill('explored');
  await page.getByLabel('environment').selectOption('test');
  await page.getByText('What may be left out').click();
  await page.getByLabel('days').fill('seven');
  await page.getByRole('button', { name: 'Send POST' }).click();
  await expect(page.getByText('Enter a whole number.')).toBeVisible();
  await expect(page.getByLabel('name', { exact: true })).toHaveValue('explored');
  await page.getByLabel('days').fill('366');
  await page.getByRole('button', { name: 'Send POST' }).click();
  const answer = page.getByRole('region', { name: 'The answer' });
  await expect(answer, 'the API itself refuses').toContainText('Status 422');
  await page.getByLabel('days').fill('7');
  await page.getByRole('button', { name: 'Send POST' }).click();
  await expect(answer).toContainText('Status 201');
  const body = await answer.getByRole('region', { name: 'Body' }).innerText();
  const { secret } = JSON.parse(body);
  expect(await code(page, 'JavaScript')).toContain('"days": 7');
  await page.goto(`${team}/keys`);
  await expect(page.getByRole('row', { name: /explored/ })).toBeVisible();

  await page.goto(`${team}/explorer/verifyKey`);
  const env = { ...process.env, PROBITY_KEY: secret };
  const scripts: [string, string, string[]][] = [
    ['JavaScript', process.execPath, ['--input-type=module', '-e']],
    ['curl', 'sh', ['-c']],
  ];
  for (const [language, program, args] of scripts) {
    const said = execFileSync(program, [...args, await code(page, language)], { env, encoding: 'utf8' });
    expect(said, language).toContain('"valid":true');
  }
  expect(await code(page, 'Rust')).toContain('"key": key');
  expect(await code(page, 'Python')).toContain('os.environ["PROBITY_KEY"]');
});

test('who may not make keys explores with one of theirs, and a live key is refused', async ({
  page,
  home,
}) => {
  const team = await signUp(page, home, somebody('Kay Keeps'));
  await page.goto(`${team}/explorer`);
  await page.getByText('Use a test key that you have').click();
  await page.getByLabel('The whole key').fill(home.key.secret);
  await page.getByRole('button', { name: 'Use this key' }).click();
  await expect(page.getByText('This is no key of this team. Copy the whole key')).toBeVisible();
  expect(await page.content(), 'it is not shown again').not.toContain(home.key.secret);
});

test('the dock has the rest of the pages one touch away', async ({ page, home }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  const team = await signUp(page, home, somebody('Dora Docks'));
  const dock = page.getByRole('navigation', { name: 'Main sections' });
  await expect(dock.getByRole('link', { name: 'Explorer' })).toBeHidden();
  await dock.getByText('More').click();
  await dock.getByRole('link', { name: 'Explorer' }).click();
  await expect(page).toHaveURL(`${team}/explorer`);
  await expect(dock.locator('summary'), 'it says where one is').toHaveText(/Explorer/);
});
