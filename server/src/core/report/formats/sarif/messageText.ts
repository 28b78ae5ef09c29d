/** In a message, brackets make a link and braces stand for an argument (SARIF 2.1.0, 3.11.5 and 3.11.6). */
export function messageText(text: string): string {
  return text.replace(/[[\]\\]/gu, '\\$&').replace(/[{}]/gu, '$&$&');
}
