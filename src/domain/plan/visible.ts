/*
 * Text for people who decide by what they read: every character is seen, and two different texts never look the same.
 */

/** Controls, format characters, halves of characters, spaces that are not the space, and the mark that ends code in Slack. */
const HIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800`]|(?! )\p{Zs}/gu;

/** What Slack may take for a call to everybody in a channel. */
const CALL = /@(?=channel|here|everyone|group)/gi;

/** A text in double quotes, as JSON writes it; what cannot be seen is shown by its number, such as \u{202e}. */
export function quoteVisibly(text: string): string {
  const numbered = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
  return JSON.stringify(text).replace(HIDDEN, numbered).replace(CALL, numbered);
}
