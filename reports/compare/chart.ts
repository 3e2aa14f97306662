import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GraphicComponent, GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escapeText } from '../xml.ts';

use([CustomChart, LineChart, ScatterChart, GraphicComponent, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/**
 * The colours of charts by what they are for, on paper and in the dark. Each is written into the SVG as it is on paper, so that any
 * viewer shows it; where the reader prefers the dark, a style sheet in the SVG takes the other.
 */
const themes = {
  paper: ['#ffffff', '#14181f'],
  ink: ['#1c2430', '#e7ebf0'],
  faint: ['#5a6572', '#a3adba'],
  grid: ['#dfe3e8', '#2f3742'],
  front: ['#005ea8', '#6bb5ff'],
  behind: ['#7a8491', '#8d98a6'],
  second: ['#b34700', '#ff9a52'],
  third: ['#00704f', '#4fd1a1'],
  fourth: ['#8a2a86', '#e58be0'],
  fifth: ['#7a6400', '#e0c341'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

/** What the reader's system has. */
export const FONT = 'system-ui, sans-serif';

type Ink = keyof typeof themes;

/** Colours for `option`. */
export const inks = Object.fromEntries(Object.entries(themes).map(([name, [light]]) => [name, light])) as Readonly<
  Record<Ink, string>
>;

/** Colours that lines of a chart take one after the other. */
export const seriesInks = [inks.front, inks.second, inks.third, inks.fourth, inks.fifth, inks.behind];

const CLASS = 'squall-chart';

const darkRules = Object.values(themes)
  .map(([light, dark]) => `.${CLASS} [fill="${light}"]{fill:${dark}}.${CLASS} [stroke="${light}"]{stroke:${dark}}`)
  .join('');

const STYLE = `<style>.${CLASS}{color-scheme:light dark}@media (prefers-color-scheme:dark){${darkRules}}</style>`;

export interface Chart {
  readonly width: number;
  readonly height: number;
  /** What is drawn, in ECharts' words; colours are taken from `inks`. */
  readonly option: EChartsCoreOption;
  /** What it is called by those who do not see it. */
  readonly title: string;
  /** What it shows, in sentences. */
  readonly description: string;
}

/** ECharts numbers its charts over all of a process, in names of clip paths and in classes of pointer styles. Nothing here can be pointed at. */
const settled = (svg: string): string =>
  svg
    .replace(/ class="zr\d+-cls-\d+"/g, '')
    .replace(/zr\d+-c(\d+)/g, 'squall-clip-$1')
    .replace(/ pointer-events="\w+"/g, '')
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '');

/**
 * Draws a chart as one SVG element that needs nothing from outside: no script, font or picture. The same chart gives the same text.
 * Server-side rendering: https://echarts.apache.org/handbook/en/how-to/cross-platform/server/ (2026-11).
 */
export const renderSvg = ({ width, height, option, title, description }: Chart): string => {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: inks.paper,
      textStyle: { color: inks.ink, fontFamily: FONT },
      ...option,
    });
    const drawn = settled(chart.renderToSVGString());
    const head = `<title id="squall-chart-title">${escapeText(title)}</title><desc id="squall-chart-desc">${escapeText(description)}</desc>${STYLE}`;
    return drawn.replace(
      /^<svg ([^>]*)>/,
      (_, attributes: string) =>
        `<svg class="${CLASS}" role="img" aria-labelledby="squall-chart-title squall-chart-desc" ${attributes}>\n${head}`,
    );
  } finally {
    chart.dispose();
  }
};
