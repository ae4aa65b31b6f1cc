/**
 * The JSON of a native answer in one form of markup. Its own words are written for that form when the
 * module is loaded, and the texts and pictures of a shop once each: a bid joins them with its two URLs.
 */
import { inForm, isPlainInJson } from './encode-slot.ts';
import type { NativeCreative } from './native-creative.ts';
import type { NativePlacement } from './native-placement.ts';
import { quotedFeedUrl, quotedText } from './native-text.ts';
import type { MarkupForm } from './template-plan.ts';

/** Of what a shop shows: cleared when there are more, which a catalogue of millions brings about. */
const KNOWN_MAX = 20_000;

const WORDS = {
  json: words('json'),
  utf8: words('utf8'),
};

function words(form: MarkupForm) {
  return {
    quote: inForm('"', form),
    id: inForm('{"id":', form),
    title: inForm(',"title":{"text":', form),
    image: inForm(',"img":{"url":', form),
    width: inForm(',"w":', form),
    height: inForm(',"h":', form),
    data: inForm(',"data":{"value":', form),
    type: inForm(',"type":', form),
    privacy: inForm(',"privacy":', form),
    root: inForm('{"native":', form),
    version: inForm('{"ver":"', form),
    assets: inForm('","assets":[', form),
    link: inForm('],"link":{"url":', form),
    eventTracker: inForm('},"eventtrackers":[{"event":1,"method":1,"url":', form),
    impressionTracker: inForm('},"imptrackers":[', form),
  };
}

export class NativeWriter {
  readonly #form: MarkupForm;
  readonly #words: ReturnType<typeof words>;
  readonly #texts = new Map<string, string>();
  readonly #urls = new Map<string, string>();

  constructor(form: MarkupForm) {
    this.#form = form;
    this.#words = WORDS[form];
  }

  title(id: number, text: string): string {
    return `${this.#words.id}${id}${this.#words.title}${this.#text(text)}}}`;
  }

  /** A type of 0 is not written. */
  data(id: number, text: string, type: number): string {
    return `${this.#words.id}${id}${this.#words.data}${this.#text(text)}${this.#type(type)}}}`;
  }

  image(image: { id: number; url: string; type: number; size: NativeCreative['images'] }): string {
    const { id, image: open, width, height } = this.#words;
    const { size } = image;
    const sides = size === null ? '' : `${width}${size.width}${height}${size.height}`;
    return `${id}${image.id}${open}${this.#feedUrl(image.url)}${sides}${this.#type(image.type)}}}`;
  }

  /** 1.2 has both kinds of trackers; `eventtrackers` only for what the request lists. */
  answer(
    { version, imageTracker, privacy, wrapped }: NativePlacement,
    bid: { assets: string; clickUrl: string; impressionUrl: string; privacyUrl: string },
  ): string {
    const own = this.#words;
    const isListed = version === '1.2' && imageTracker;
    const hasPrivacy = version === '1.2' && privacy && bid.privacyUrl !== '';
    const answer =
      own.version +
      version +
      own.assets +
      bid.assets +
      own.link +
      this.#ownUrl(bid.clickUrl) +
      (isListed ? own.eventTracker : own.impressionTracker) +
      this.#ownUrl(bid.impressionUrl) +
      (isListed ? '}]' : ']') +
      (hasPrivacy ? `${own.privacy}${this.#ownUrl(bid.privacyUrl)}}` : '}');
    return wrapped ? `${own.root}${answer}}` : answer;
  }

  #type(type: number): string {
    return type === 0 ? '' : `${this.#words.type}${type}`;
  }

  #text(text: string): string {
    return this.#texts.get(text) ?? this.#keep(this.#texts, text, quotedText(text));
  }

  #feedUrl(url: string): string {
    return this.#urls.get(url) ?? this.#keep(this.#urls, url, quotedFeedUrl(url));
  }

  #keep(known: Map<string, string>, value: string, json: string): string {
    if (known.size >= KNOWN_MAX) known.clear();
    const written = inForm(json, this.#form);
    known.set(value, written);
    return written;
  }

  #ownUrl(url: string): string {
    const { quote } = this.#words;
    return isPlainInJson(url) ? quote + url + quote : inForm(JSON.stringify(url), this.#form);
  }
}
