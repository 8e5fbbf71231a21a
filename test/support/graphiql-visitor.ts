import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export type Visitor = ReturnType<typeof visitorOf>;

/** What somebody does in GraphiQL, on a page where it is open. */
export function visitorOf(page: Page) {
  function readAnswer(): Promise<string> {
    return page.evaluate(() => {
      const pane = document.querySelector('.result-window .CodeMirror') as unknown as {
        CodeMirror?: { getValue(): string };
      } | null;
      return pane?.CodeMirror?.getValue() ?? '';
    });
  }

  async function answerWith(expected: string): Promise<void> {
    await expect.poll(readAnswer, { timeout: 15_000 }).toContain(expected);
  }

  return {
    readAnswer,
    answerWith,
    /** Opens a tab by its name, as a visitor does, and waits until GraphiQL knows which operation it holds. */
    async open(tab: string): Promise<void> {
      await page.click(`.graphiql-tab-button:text-is("${tab}")`);
      await page.waitForFunction((name) => {
        const pane = document.querySelector('.graphiql-query-editor .CodeMirror') as unknown as {
          CodeMirror: { operationName: string };
        };
        return pane.CodeMirror.operationName === name;
      }, tab);
    },
    /** Presses play and waits until the answer contains a text. */
    async play(expected: string): Promise<void> {
      await page.click('.graphiql-execute-button');
      await answerWith(expected);
    },
    async setVariables(variables: object): Promise<void> {
      await page.click('.graphiql-editor-tools button:text-is("Variables")');
      await page.evaluate((text) => {
        const editors = [...document.querySelectorAll('.graphiql-editor-tool .CodeMirror')];
        for (const editor of editors as unknown as {
          CodeMirror: { setValue(t: string): void };
          offsetParent: unknown;
        }[]) {
          if (editor.offsetParent) editor.CodeMirror.setValue(text);
        }
      }, JSON.stringify(variables));
    },
  };
}
