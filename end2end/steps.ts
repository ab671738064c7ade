// What people do, in the words they see.
import { expect, type Page } from '@playwright/test';

export interface Person {
  name: string;
  email: string;
  password: string;
}

export interface Key {
  id: string;
  name: string;
  secret: string;
}

export const ADA: Person & { team: string } = {
  name: 'Ada Lindqvist',
  email: 'ada@example.com',
  password: 'a quiet tram in the morning',
  team: 'Halden Freight',
};

/** Makes the first account and team; returns the path of the team's overview. */
export async function setUp(page: Page, link: string, first: typeof ADA): Promise<string> {
  await page.goto(link);
  await page.getByLabel('Your name').fill(first.name);
  await page.getByLabel('Email').fill(first.email);
  await page.getByLabel('Password').fill(first.password);
  await page.getByLabel('Team').fill(first.team);
  await page.getByRole('button', { name: 'Create account and team' }).click();
  await expect(page.getByText(`${first.team} is ready. Make its first key.`)).toBeVisible();
  return new URL(page.url()).pathname;
}

export async function signIn(page: Page, who: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account: / }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
}

/** Makes a key in the team at `team` (a full address) and takes its secret, shown this once. */
export async function createKey(page: Page, team: string, name: string): Promise<Key> {
  await page.goto(`${team}/keys/new`);
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('Shown once. Copy it before you go on.')).toBeVisible();
  const secret = await page.getByText(/^pby_(live|test)_[0-9A-Za-z]+$/).innerText();
  const details = page.getByRole('link', { name: 'Verify it with curl' });
  const id = (await details.getAttribute('href'))?.split('/').pop() ?? '';
  return { id, name, secret };
}

/** What an API in front of which Probity stands would ask. */
export async function verify(url: string, key: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/v1/keys/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  });
  expect(response.status).toBe(200);
  return response.json();
}
