// Every form with input that will not do: the sentence stands at its field, what was typed stays.
import { expect, test } from '../fixtures.js';
import { verify } from '../steps.js';
import type { Page, Request } from '@playwright/test';

interface Field {
  label: string;
  typed: string;
  /** What is said about it; nothing when it is fine. */
  sentence?: string;
}

interface Case {
  what: string;
  path: string;
  button: string;
  fields: Field[];
}

const SHORT = 'Use at least 15 characters; this has 5. Four random words do well.';
const DAYS = 'Enter a whole number of days from 1 to 365, or never.';
const PASSWORD = 'four quiet green lamps';

const PUBLIC: Case[] = [
  {
    what: 'signing in with nothing',
    path: '/sign-in',
    button: 'Sign in',
    fields: [
      { label: 'Email', typed: '' },
      { label: 'Password', typed: '', sentence: 'Enter your e-mail address and your password.' },
    ],
  },
  {
    what: 'an account with nothing',
    path: '/sign-up',
    button: 'Create account',
    fields: [
      { label: 'Your name', typed: '', sentence: 'Give yourself a name.' },
      { label: 'Email', typed: '', sentence: 'Enter an e-mail address.' },
      { label: 'Password', typed: '12345', sentence: SHORT },
    ],
  },
  {
    what: 'an account with a name too long and half an address',
    path: '/sign-up',
    button: 'Create account',
    fields: [
      {
        label: 'Your name',
        typed: 'x'.repeat(121),
        sentence: 'This name has 121 characters. Use at most 120.',
      },
      {
        label: 'Email',
        typed: 'bo@',
        sentence: 'This is not an e-mail address. Write it like ada@example.com.',
      },
      { label: 'Password', typed: PASSWORD },
    ],
  },
  {
    what: 'a first account with nothing',
    path: '/set-up/a-link-that-was-used',
    button: 'Create account and team',
    fields: [
      { label: 'Your name', typed: '', sentence: 'Give yourself a name.' },
      { label: 'Email', typed: 'ada@example.com' },
      { label: 'Password', typed: '12345', sentence: SHORT },
      { label: 'Team', typed: ' ', sentence: 'Give your team a name.' },
    ],
  },
];

const SIGNED_IN: Case[] = [
  {
    what: 'a team without a name',
    path: '/teams/new',
    button: 'Create team',
    fields: [{ label: 'Team name', typed: '', sentence: 'Give the team a name.' }],
  },
  {
    what: 'a team with markup for a name that is too long',
    path: '/teams/new',
    button: 'Create team',
    fields: [
      {
        label: 'Team name',
        typed: `"><script>${'x'.repeat(80)}`,
        sentence: 'This name has 90 characters. Use at most 80.',
      },
    ],
  },
  {
    what: 'a key without a name that ends sometime',
    path: ':team/keys/new',
    button: 'Create key',
    fields: [
      { label: 'Name', typed: '', sentence: 'Give the key a name.' },
      { label: 'Ends after, days', typed: 'sometime', sentence: DAYS },
    ],
  },
  {
    what: 'a key that lives too long',
    path: ':team/keys/new',
    button: 'Create key',
    fields: [
      { label: 'Name', typed: 'billing & "sync"' },
      { label: 'Ends after, days', typed: '366', sentence: DAYS },
    ],
  },
];

async function expectRefused(page: Page, { path, button, fields }: Case): Promise<void> {
  await page.goto(path);
  for (const { label, typed } of fields) await page.getByLabel(label, { exact: true }).fill(typed);
  // The form's own: the password meter asks by POST as well.
  const isForms = (request: Request) =>
    request.method() === 'POST' && request.resourceType() === 'document';
  const answer = page.waitForResponse((response) => isForms(response.request()));
  await page.getByRole('button', { name: button, exact: true }).click();
  expect((await answer).status()).toBe(422);

  const wrong = fields.filter(({ sentence }) => sentence);
  await expect(page.getByLabel(wrong[0].label, { exact: true })).toBeFocused();
  for (const { label, typed, sentence } of fields) {
    const field = page.getByLabel(label, { exact: true });
    await expect(field).toHaveValue(label === 'Password' ? '' : typed);
    if (sentence) {
      await expect(field).toHaveAttribute('aria-invalid', 'true');
      await expect(field).toHaveAccessibleDescription(sentence);
    } else {
      await expect(field).not.toHaveAttribute('aria-invalid', 'true');
    }
  }
  if (wrong.length > 1) {
    const summary = page.getByRole('alert');
    await expect(summary).toContainText(`${wrong.length} fields need another look`);
    await summary.getByRole('link').last().click();
    await expect(page.getByLabel(wrong[wrong.length - 1].label, { exact: true })).toBeInViewport();
  }
}

for (const form of PUBLIC) {
  test(form.what, async ({ page }) => expectRefused(page, form));
}

test('a set-up link that was used says so and keeps what was typed', async ({ page }) => {
  await page.goto('/set-up/a-link-that-was-used');
  await page.getByLabel('Your name').fill('Eve');
  await page.getByLabel('Email').fill('eve@example.com');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByLabel('Team', { exact: true }).fill('Eve & Co');
  await page.getByRole('button', { name: 'Create account and team' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Team', { exact: true })).toHaveValue('Eve & Co');
});

test.describe('signed in', () => {
  test.use({ visitor: 'ada' });

  for (const form of SIGNED_IN) {
    test(form.what, async ({ page, home }) =>
      expectRefused(page, { ...form, path: form.path.replace(':team', home.team) }));
  }

  test('an address that is none of ours says so, with the id of the request', async ({ page }) => {
    for (const path of ['/nothing-here', '/t/nobodys-team', '/t/nobodys-team/keys']) {
      const response = await page.goto(path);
      expect(response?.status()).toBe(404);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing here');
      await expect(page.getByText(/^Request req_[0-9a-f]{32}$/)).toBeVisible();
    }
  });
});

test('a key that is none is not accepted, and the answer says only that', async ({ home }) => {
  for (const key of ['x', 'pby_live_', `${home.key.secret}0`, home.key.secret.slice(0, -1)]) {
    expect(await verify(home.url, key)).toMatchObject({ valid: false, code: 'NOT_FOUND' });
  }
});
