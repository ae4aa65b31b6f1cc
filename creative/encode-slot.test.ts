import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeJsonInside, encodeText, encodeUrl } from './encode-slot.ts';

function checkText(text: string, encoded: string): void {
  expect(encodeText(text)).toBe(encoded);
}

describe('text in markup', () => {
  it('is left alone when it is harmless', () =>
    checkText('Red shoe, size 42 (new)', 'Red shoe, size 42 (new)'));
  it('turns markup, quotes and macros into numeric references', () => {
    checkText('<b a="x">&', '&#60;b a&#61;&#34;x&#34;&#62;&#38;');
    checkText(
      '${A} %%B%% {{c}} #d [e]',
      '&#36;&#123;A&#125; &#37;&#37;B&#37;&#37; &#123;&#123;c&#125;&#125; &#35;d &#91;e&#93;',
    );
    checkText("'`\\", '&#39;&#96;&#92;');
  });
  it('writes other scripts and emoji as references, and drops broken halves', () => {
    checkText('Ш €', '&#1064; &#8364;');
    checkText('a😀b', 'a&#128512;b');
    checkText('a\ud83d\ud83d', 'a');
    checkText('\udc00b', 'b');
  });
  it('drops controls and direction overrides, and makes line ends blanks', () => {
    checkText('a\u202eb\u2066c\u0000d\u009fe\ufefff', 'abcdef');
    checkText('a\nb\u2028c\td', 'a b c d');
    checkText('\u200fקפה', '&#8207;&#1511;&#1508;&#1492;');
  });
  it('comes out inert whatever it is', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(encodeText(text)).toMatch(/^(?:[ !()*+,\-./0-9:;?@A-Z^_a-z|~]|&#\d+;)*$/);
      }),
    ));
  it('is the same text again once a browser decodes it', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const decoded = encodeText(text).replace(/&#(\d+);/g, (_, point) =>
          String.fromCodePoint(Number(point)),
        );
        fc.pre(!/[\p{Cc}\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/u.test(text));
        expect(decoded).toBe(text);
      }),
    ));
});

describe('a URL in markup', () => {
  it('keeps what URLs are made of', () => {
    const url = 'https://shop.example/a%20b?x=1,2;y:z@~!*()+';
    expect(encodeUrl(url)).toBe(url);
    expect(encodeUrl('https://x.example/?a=1&b=2#c')).toBe('https://x.example/?a=1&#38;b=2&#35;c');
  });
  it('never holds the start of a macro', () => {
    expect(encodeUrl('https://x.example/%%CLICK%%')).toBe(
      'https://x.example/&#37;&#37;CLICK&#37;&#37;',
    );
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        fc.string(),
        (url, more) => {
          expect(encodeUrl(url + more)).not.toMatch(/%%|[${}[\]"'<>\\]/);
        },
      ),
    );
  });
});

it('template text is the same text again inside a JSON string, which is ASCII', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const inside = encodeJsonInside(text);
      expect(JSON.parse(`"${inside}"`)).toBe(text);
      expect(inside).toMatch(/^[ -~]*$/);
    }),
  ));
