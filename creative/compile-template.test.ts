import { describe, expect, it } from 'vitest';
import { compileTemplate, TEMPLATE_LENGTH_MAX } from './compile-template.ts';
import { DEFAULT_TEMPLATE } from './default-template.ts';
import { renderForJson, renderHtml } from './render-template.ts';
import { type BannerSlots, TemplateError } from './template-plan.ts';

const LINK = '<a href="{{url item.click}}" target="_blank" rel="noopener nofollow sponsored">';
const CARD = `{{#items}}${LINK}{{text item.title}}</a>{{/items}}`;
const PIXEL = '<img src="{{url banner.pixel}}" alt="">';
const SLOTS: BannerSlots = {
  width: 300,
  height: 250,
  layout: 'list',
  language: 'en',
  shopTitle: 'Shop & Söhne',
  offerText: '',
  pixelUrl: 'https://ads.example/i',
  items: [
    {
      title: 'Red',
      priceText: '€1',
      listPriceText: '€2',
      discountPercent: 50,
      imageUrl: 'https://shop.example/1.jpg',
      clickUrl: 'https://ads.example/c0',
    },
    {
      title: 'Blue',
      priceText: '€3',
      listPriceText: '',
      discountPercent: 0,
      imageUrl: 'https://shop.example/2.jpg',
      clickUrl: 'https://ads.example/c1',
    },
  ],
};

function checkRendered(markup: string, expected: string): void {
  const plan = compileTemplate(`${markup}${CARD.replace('{{text item.title}}', '')}${PIXEL}`, 't');
  const html = renderHtml(plan, SLOTS);
  expect(html.slice(0, html.indexOf('<a href'))).toBe(expected);
  expect(JSON.parse(`"${renderForJson(plan, SLOTS)}"`)).toBe(html);
}

function checkItem(markup: string, expected: string[]): void {
  const plan = compileTemplate(`{{#items}}${markup}|{{/items}}${PIXEL}`, 't');
  expect(renderHtml(plan, SLOTS).split('|').slice(0, 2)).toEqual(expected);
}

/** `@` marks where the error must point; the rest of a good template follows. */
function checkRefused(marked: string, problem: RegExp): void {
  const source = marked.replace('@', '');
  const before = marked.slice(0, marked.indexOf('@'));
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  const error = (() => {
    try {
      return compileTemplate(source + CARD + PIXEL, 'shop/t.html');
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(TemplateError);
  expect((error as Error).message).toMatch(new RegExp(`^shop/t\\.html:${line}:${column}: `));
  expect((error as Error).message).toMatch(problem);
}

describe('a slot', () => {
  it('is filled in text and quoted attributes', () => {
    checkRendered('<p>{{text shop.title}}</p>', '<p>Shop &#38; S&#246;hne</p>');
    checkRendered("<p title='{{text shop.title}}'></p>", "<p title='Shop &#38; S&#246;hne'></p>");
    checkRendered(
      '<p style="width:{{int banner.width}}px">é "</p>',
      '<p style="width:300px">é "</p>',
    );
    checkRendered('<style>p{top:{{int banner.height}}px}</style>', '<style>p{top:250px}</style>');
  });
  it('repeats with the items', () =>
    checkItem('<b>{{text item.title}}</b>{{money item.price}}', [
      '<b>Red</b>&#8364;1',
      '<b>Blue</b>&#8364;3',
    ]));
});

describe('a section', () => {
  it('is shown when it holds', () => {
    checkItem(
      '{{money item.price}}{{#sale}}<s>{{money item.listPrice}}</s>-{{int item.discount}}{{/sale}}',
      ['&#8364;1<s>&#8364;2</s>-50', '&#8364;3'],
    );
    checkRendered('{{#offer}}<b>{{text offer.text}}</b>{{/offer}}', '');
    checkRendered('{{#list}}<b>l</b>{{/list}}{{#wide}}<b>w</b>{{/wide}}', '<b>l</b>');
    checkRendered('<p class="a{{#list}} l{{/list}}"></p>', '<p class="a l"></p>');
  });
});

it('drops comments and line breaks between tags, and keeps a blank between words', () =>
  checkRendered('<!-- x -->\n<p>\n  a\n  b {{text banner.language}}\n</p>\n', '<p>a b en</p>'));

describe('refused with its place', () => {
  it('is a slot where no encoding is safe', () => {
    checkRefused('<p title=@{{text shop.title}}></p>', /"title" must stand in quotes/);
    checkRefused('<@{{text shop.title}}>', /cannot name a tag or an attribute/);
    checkRefused('<p @{{text shop.title}}="x">', /cannot name a tag or an attribute/);
    checkRefused('<!-- @{{text shop.title}} -->', /no slot may stand in a comment/);
    checkRefused('<style>p{color:@{{text shop.title}}}</style>', /only whole numbers/);
    checkRefused('<p style="color:@{{text shop.title}}">', /text may stand in alt, title/);
    checkRefused('<p class="@{{text shop.title}}">', /not in "class"/);
    checkRefused('<p>\n@{{url banner.pixel}}', /whole value of href or src/);
    checkRefused('<img src="https://x/@{{url banner.pixel}}">', /must be the whole value/);
    checkRefused(
      '<img src="{{url banner.pixel}}@{{url banner.pixel}}">',
      /must be the whole value/,
    );
    checkRefused('<img src="@{{text shop.title}}">', /"src" takes a url slot/);
  });
  it('is anything that runs, loads or navigates by itself', () => {
    checkRefused('<script@>', /<script> is not allowed in a banner; allowed are a, b,/);
    checkRefused('<iframe@ src="x">', /<iframe> is not allowed/);
    checkRefused('<svg@>', /<svg> is not allowed/);
    checkRefused('<p onclick@="x">', /event handler "onclick"/);
    checkRefused('<p srcdoc@="x">', /"srcdoc" is not allowed; allowed are alt,/);
    checkRefused('<p style="background:url(x)@">', /"url\(" is not allowed in a style/);
    checkRefused('<style>p{background:u\\72l(x)}<@/style>', /is not allowed in a style/);
    checkRefused(
      '<a href="https://shop.example@">',
      /a link must be href="\{\{url item.click\}\}"/,
    );
    checkRefused('<img src="http://x/@" alt="">', /src must be/);
  });
  it('is markup that does not close or says too little', () => {
    checkRefused('<div></p@>', /<\/p> closes nothing; open is <div>/);
    checkRefused('a <@ b', /write &lt;/);
    checkRefused('<p title@>', /needs a value in quotes/);
    checkRefused('<img src="https://x/1.png"@>', /<img> needs alt/);
    checkRefused('<p dir="a" dir@="b">', /stands twice/);
  });
  it('is an unknown, mistyped or misplaced slot or section', () => {
    checkRefused('@{{text shop.name}}', /unknown slot "shop.name"; there are item.title/);
    checkRefused('@{{text __proto__}}', /unknown slot/);
    checkRefused(
      '@{{int shop.title}}',
      /shop.title is of type text: write \{\{text shop.title\}\}/,
    );
    checkRefused('@{{shop.title}}', /expected a slot as/);
    checkRefused('@{{text item.title}}', /only stand inside \{\{#items\}\}/);
    checkRefused('@{{#loop}}', /unknown section "loop"/);
    checkRefused('@{{#sale}}x{{/sale}}', /belongs inside \{\{#items\}\}/);
    checkRefused('{{#offer}}@{{/list}}', /expected \{\{\/offer\}\}/);
    checkRefused('{{#offer}}<p>@{{/offer}}', /same place of the markup/);
    checkRefused('<p @{{#offer}}', /cannot begin here/);
    checkRefused('{{#offer}}@{{#items}}', /cannot begin here|no other section/);
    checkRefused('{{#offer}}@{{url banner.pixel}}', /whole value|no section/);
  });
});

it('refuses a template without items or pixel, unclosed or too long', () => {
  const refuse = (source: string) => expect(() => compileTemplate(source, 't'));
  refuse(PIXEL).toThrow(/needs \{\{#items\}\}/);
  refuse(CARD).toThrow(/needs <img src="\{\{url banner.pixel\}\}"/);
  refuse(`${CARD}${PIXEL}${PIXEL}`).toThrow(/once/);
  refuse(`${CARD}${PIXEL}<div>`).toThrow(/<div> is never closed/);
  refuse(`${PIXEL}{{#items}}`).toThrow(/^t:1:\d+: \{\{#items\}\} is never closed/);
  refuse(`${CARD}${PIXEL}<!-- `).toThrow(/comment is never closed/);
  refuse('x'.repeat(TEMPLATE_LENGTH_MAX + 1)).toThrow(/longer than/);
});

it('gives a version that changes with the text only', () => {
  const version = (source: string) => compileTemplate(source, 't').version;
  expect(version(DEFAULT_TEMPLATE)).toBe(version(DEFAULT_TEMPLATE));
  expect(version(DEFAULT_TEMPLATE)).not.toBe(version(`${DEFAULT_TEMPLATE} `));
});
