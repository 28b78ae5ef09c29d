import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { hoverUntil } from './hoverUntil.ts';
import { openUiWindow, type UiWindow, version } from './uiWindow.ts';

/** Contrast of text that WCAG 2.2 asks for: 4.5 to 1, and 3 to 1 for what is no text. */
const leastTextContrast = 4.5;
const leastContrast = 3;

/** The kinds of theme that VS Code knows, each with the one that it brings along. */
const themes: readonly Theme[] = [
  { kind: 'vs', name: 'Default Light Modern', file: 'light' },
  { kind: 'vs-dark', name: 'Default Dark Modern', file: 'dark' },
  { kind: 'hc-black', name: 'Default High Contrast', file: 'high-contrast-dark' },
  { kind: 'hc-light', name: 'Default High Contrast Light', file: 'high-contrast-light', warning: 1.5 },
];

interface Theme {
  readonly kind: string;
  readonly name: string;
  readonly file: string;
  /** VS Code itself underlines warnings in yellow on white. */
  readonly warning?: number;
}

const text = [
  '# One line for each thing that can be drawn.',
  'django==3.2.0',
  'requests==2.20.0 ; python_version < "3.9"',
  'requests>=2.20 ; python_version >= "3.9"',
  'urllib3 ==',
  'six==1.16.0',
  '',
].join('\n');

describe(`what is drawn, in each kind of theme of the ${version} VS Code`, function () {
  this.timeout(60_000);
  let ui: UiWindow;
  let page: Page;

  before(async () => {
    ui = await openUiWindow({
      workspace: { 'requirements.txt': text },
      settings: {
        'pinwatch.inlayHints.enabled': true,
        'editor.hover.delay': 100,
        'window.autoDetectHighContrast': false,
      },
      size: { width: 1100, height: 640 },
    });
    ({ page } = ui);
    await page.locator('.squiggly-error').first().waitFor();
    await page.keyboard.press('Control+Shift+M');
    await page.locator('.markers-panel .monaco-list-row', { hasText: 'CVE-2021-35042' }).first().waitFor();
  });

  after(() => ui?.close());

  /** VS Code reads its settings again when they change. */
  function useTheme(name: string): void {
    for (const place of ['User', 'Machine']) {
      const file = path.join(ui.home, 'data', place, 'settings.json');
      const settings = JSON.parse(readFileSync(file, 'utf8')) as object;
      writeFileSync(file, JSON.stringify({ ...settings, 'workbench.colorTheme': name }));
    }
  }

  const line = (content: string): Locator => page.locator('.editor-instance .view-line', { hasText: content });

  for (const { kind, name, file, warning = leastContrast } of themes) {
    it(`${name}: underlines, hover, hints, counts and problems can be told from what is behind them`, async () => {
      useTheme(name);
      await page.locator(`.monaco-workbench.${kind}`).waitFor();
      const background = await colourOf(page.locator('.monaco-editor-background').first(), 'backgroundColor');
      for (const level of ['error', 'warning', 'info']) {
        const squiggle = page.locator(`.editor-instance .squiggly-${level}`).first();
        await squiggle.waitFor();
        const colour = await squiggleColour(squiggle);
        const least = level === 'warning' ? warning : leastContrast;
        assert.ok(contrast(colour, background) >= least, `${level} underline ${colour.join()} on ${background.join()}`);
      }
      const hover = page.locator('.monaco-hover', { hasText: '1 known vulnerability' }).first();
      await hoverUntil(page, line('django').locator('span span').first(), hover, { x: 15, y: 8 });
      assert.match(await hover.innerText(), /CVE-2021-35042[^]*3\.2\.5[^]*Checked/u);
      const hoverBackground = await colourOf(hover, 'backgroundColor');
      for (const part of [hover.locator('p').first(), hover.locator('a').first(), hover.locator('td').first()]) {
        const colour = await colourOf(part, 'color');
        assert.ok(
          contrast(colour, hoverBackground) >= leastTextContrast,
          `hover ${colour.join()} on ${hoverBackground.join()}`,
        );
      }
      await assertWhole(hover, page);
      if (process.env['PINWATCH_SCREENSHOTS'] === '1') await ui.picture(`theme-${file}`);
      await page.keyboard.press('Escape');
      await page.mouse.move(600, 300);
    });
  }
});

type Rgb = readonly [red: number, green: number, blue: number];

/** What runs in the page knows the DOM; the tests are compiled without its types. */
declare function requestAnimationFrame(call: (time: number) => void): number;
declare function getComputedStyle(element: unknown, pseudo?: string): Readonly<Record<StyleName, string>>;

type StyleName = 'color' | 'backgroundColor' | 'backgroundImage' | 'borderBottomStyle' | 'borderBottomColor';

async function colourOf(place: Locator, property: 'color' | 'backgroundColor'): Promise<Rgb> {
  return rgb(await place.evaluate((element, name) => getComputedStyle(element)[name], property));
}

/** A wavy line is a picture; in high contrast it is a border. */
async function squiggleColour(squiggle: Locator): Promise<Rgb> {
  // A theme that has just been chosen brings its pictures a moment after its class, and draws the lines again: looked for
  // with each frame, until the test's own time is up.
  for (;;) {
    const css = await squiggle.evaluate(async (element) => {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const own = getComputedStyle(element);
      const border = own.borderBottomStyle === 'none' ? '' : own.borderBottomColor;
      return [border, getComputedStyle(element, '::before').backgroundImage, own.backgroundImage].join(' ');
    });
    if (/rgb|#|%23/u.test(css)) {
      return rgb(decodeURIComponent(css));
    }
  }
}

/** The first colour in a piece of CSS. */
function rgb(css: string): Rgb {
  const [, hex] = /#([0-9a-f]{6})\b/iu.exec(css) ?? [];
  const [, red, green, blue] = /rgba?\((\d+), (\d+), (\d+)/u.exec(css) ?? [];
  if (red !== undefined) return [Number(red), Number(green), Number(blue)];
  assert.ok(hex !== undefined, `there is no colour in "${css}"`);
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(0), part(2), part(4)];
}

/** As WCAG 2.2 defines it: from 1, the same, to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
}

function linear(value: number): number {
  return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Nothing of it lies outside of the window. */
async function assertWhole(place: Locator, page: Page): Promise<void> {
  const box = await place.boundingBox();
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  assert.ok(box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height);
}
