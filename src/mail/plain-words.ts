/** Somebody else's words in a line of ours: no line begins in them, and they have an end. */
export function oneLine(text: string, max = 255): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const characters = [...line];
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : line;
}
