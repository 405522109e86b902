import type { Page } from 'playwright-core';

/** Types into the channel's message box and sends it. */
export async function send(page: Page, text: string): Promise<void> {
  const box = page.getByRole('textbox', { name: /^Message / });
  await box.fill(text);
  await page.keyboard.press('Escape'); // the completion that a command opens
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** Acts as somebody else from now on. */
export async function actAs(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Acting as/ }).click();
  await page.getByRole('menuitemradio', { name: new RegExp(name) }).click();
  await page.getByRole('button', { name: `Acting as ${name}` }).waitFor();
}

/** Approves what the newest request in view asks, and confirms it. */
export async function approve(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Approve' }).last().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
}
