// Placeholder: the Block Kit renderer brings its own.
export const emoji: ReadonlyMap<string, string> = new Map([
  ['+1', '👍'],
  ['-1', '👎'],
  ['eyes', '👀'],
  ['white_check_mark', '✅'],
  ['rotating_light', '🚨'],
  ['warning', '⚠️'],
  ['pray', '🙏'],
  ['tada', '🎉'],
  ['heart', '❤️'],
  ['fire', '🔥'],
  ['raised_hand', '✋'],
  ['smile', '😄'],
]);
export const emojiNames: readonly string[] = [...emoji.keys()];
