import { beforeEach, describe, expect, test } from 'vitest';
import { Drafts } from '@lifeboat/sandbox/client/composer/drafts';
import { forgetForms, keepForm, recallForm } from '@lifeboat/sandbox/client/forms/kept-forms';
import type { Memory } from '@lifeboat/sandbox/client/state/stored';
import { fakeStorage } from '../support/fake-storage.ts';

let storage: Memory;
let drafts: Drafts;
beforeEach(() => {
  storage = fakeStorage();
  drafts = new Drafts(storage);
});
const afterReload = () => new Drafts(storage);

describe('what is typed and not sent', () => {
  test('is there after a reload, and each box has its own', () => {
    drafts.write('one', 'Hello');
    expect(afterReload().read('one')).toBe('Hello');
    expect(afterReload().read('other')).toBe('');
    drafts.write('one', '');
    expect(storage).toHaveLength(0);
  });

  test('is let go when it was taken', () => {
    drafts.begin('one', 'Hello');
    expect(drafts.read('one')).toBe('');
    drafts.end('one', 'Hello', true);
    expect(afterReload().read('one')).toBe('');
    expect(storage).toHaveLength(0);
  });

  test('comes back when nobody took it, before what was typed since, and the box hears of it', () => {
    const heard: string[] = [];
    const stop = drafts.watch('one', (text) => heard.push(text));
    drafts.begin('one', 'Hello');
    drafts.write('one', 'and more');
    drafts.end('one', 'Hello', false);
    expect(heard.at(-1)).toBe('Hello\nand more');
    expect(afterReload().read('one')).toBe('Hello\nand more');
    stop();
    drafts.write('one', 'unseen');
    expect(heard.at(-1)).toBe('Hello\nand more');
  });

  test('comes back when the page was left before the answer', () => {
    drafts.begin('one', 'first');
    drafts.begin('one', 'second');
    drafts.write('one', 'third');
    expect(afterReload().read('one')).toBe('first\nsecond\nthird');
  });

  test('never becomes a part of a command: what was typed since waits until the command is gone', () => {
    drafts.begin('one', '/dr status');
    drafts.write('one', 'Hello');
    drafts.end('one', '/dr status', false);
    expect(drafts.read('one')).toBe('/dr status');
    drafts.begin('one', '/dr status');
    expect(drafts.read('one')).toBe('Hello');
  });
});

describe('a command that a panel offers', () => {
  test('takes the place of nothing, of a begun command and of the one before', () => {
    drafts.write('one', '/dr ');
    drafts.offer('one', '/dr status');
    drafts.offer('one', '/dr help');
    expect(drafts.read('one')).toBe('/dr help');
    drafts.begin('one', '/dr help');
    expect(drafts.read('one')).toBe('');
  });

  test('lets what somebody typed wait, over a reload too', () => {
    drafts.write('one', 'Half a sentence');
    drafts.offer('one', '/dr status');
    const later = afterReload();
    expect(later.read('one')).toBe('/dr status');
    later.begin('one', '/dr status');
    expect(later.read('one')).toBe('Half a sentence');
  });
});

describe('what is entered into a form', () => {
  test('is kept until the form goes', () => {
    keepForm(storage, { id: 'V1' }, { title: 'Power lost', who: ['U1', 'U2'] });
    keepForm(storage, { id: 'V2' }, { title: 'Another' });
    storage.setItem('lifeboat.me', '"U1"');
    expect(recallForm(storage, { id: 'V1' })).toEqual({ title: 'Power lost', who: ['U1', 'U2'] });
    forgetForms(storage, [{ id: 'V2' }]);
    expect(recallForm(storage, { id: 'V1' })).toEqual({});
    expect(recallForm(storage, { id: 'V2' })).toEqual({ title: 'Another' });
    expect(storage.getItem('lifeboat.me')).toBe('"U1"');
  });

  test('is nothing where what was kept cannot be read', () => {
    storage.setItem('lifeboat.form.V1', '{"title":7,"note":"Yes"}');
    storage.setItem('lifeboat.form.V2', '{');
    expect(recallForm(storage, { id: 'V1' })).toEqual({ note: 'Yes' });
    expect(recallForm(storage, { id: 'V2' })).toEqual({});
  });
});
