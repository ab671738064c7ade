// Lists longer than a page, read onward and back.
import { expect, test } from '../fixtures.js';

test.use({ visitor: 'ada' });

test('a long list leads to older keys and back to the newest', async ({ page, home }) => {
  const cookie = home.cookies.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const post = (path: string, form: Record<string, string>) =>
    fetch(home.url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, origin: home.url, accept: 'text/html' },
      body: new URLSearchParams(form),
    });
  const made = await post('/do/team/create', { name: 'Long lists', from: '/teams/new' });
  const team = made.headers.get('location') ?? '';
  expect(team).toMatch(/^\/t\/long-lists/);
  const slug = team.replace('/t/', '');
  for (let n = 1; n <= 27; n++) {
    const form = { team: slug, name: `service ${n}.`, environment: 'live', days: '90' };
    expect((await post('/do/key/create', { ...form, from: `${team}/keys/new` })).status).toBe(200);
  }

  await page.goto(`${team}/keys`);
  await expect(page.getByRole('link', { name: 'service 27.' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'service 1.', exact: true })).toBeHidden();
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(page.getByRole('link', { name: 'service 1.', exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Older' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Newer' }).click();
  await expect(page.getByRole('link', { name: 'service 27.' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Newer' })).toHaveCount(0);
});
