/**
 * Files whose columns need no mapping: what Yandex Metrica, retailCRM, Google and Meta call them.
 * `import:` of shop.yaml may name one (`like:`), and without a section the header of a file does.
 * Only headers that their owner documents are here; any other file needs its columns named.
 */

export interface KnownFile {
  readonly kind: 'orders' | 'customers' | 'conversions' | 'calls';
  /** Where its owner describes it. */
  readonly source: string;
  /** A header with all of these is this file, unless another knows more of it. */
  readonly marks: readonly string[];
  /** A section of `import:`, as shop.yaml would have it. */
  readonly section: {
    readonly columns: Readonly<Record<string, string>>;
    readonly time_format?: string;
    readonly status?: unknown;
    readonly name?: string;
  };
  /** Columns of `section` that stand for the first value of the first of these that has one. */
  readonly firstOf?: Readonly<Record<string, readonly string[]>>;
  /** Cells of a column that mean something else than they say; the key '' is an empty cell. */
  readonly words?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Columns that may stand there several times, each for one more value. */
  readonly repeats?: readonly string[];
  /** Columns of `section` that a file may lack. */
  readonly lacks: readonly string[];
  /** For orders: what they say of who ordered, as columns of `customers:` beside the section's customer. */
  readonly people?: Readonly<Record<string, string>>;
}

const METRICA = 'https://yandex.ru/dev/metrika/en/management/openapi';

/** An order of Metrica may have no revenue. */
const NO_REVENUE = { '': '0' };
/** An empty status is PAID; old documents write CANCELED. Others stay as they stand. */
const METRICA_STATUSES = {
  '': 'paid',
  IN_PROGRESS: 'in_progress',
  PAID: 'paid',
  CANCELLED: 'cancelled',
  CANCELED: 'cancelled',
  SPAM: 'spam',
  OTHER: 'other',
};
const METRICA_VISITOR = {
  time: 'DateTime',
  customer: 'UserId',
  cookie: 'ClientId',
  yclid: 'Yclid',
  order: 'PurchaseId',
} as const;
const METRICA_VISITOR_LACKS = ['UserId', 'ClientId', 'Yclid', 'PurchaseId'] as const;
/** Who ordered, or a contact, by MD5s: columns of `customers:`. */
const METRICA_HASHES = { email_md5: 'emails_md5', phone_md5: 'phones_md5' } as const;
const METRICA_HASHES_LACKS = Object.values(METRICA_HASHES);
/** Names of columns that firstOf makes, as rows that are refused call them. */
const METRICA_CLIENT = 'client_uniq_id, emails, phones, client_ids, emails_md5 or phones_md5';
const RETAILCRM_CLIENT = 'customer.id, email or phone';
const META_CLIENT = 'extern_id, email or phone';
const EMAIL_OR_PHONE = 'Email or Phone';

export const KNOWN_FILES = {
  metrica_simple_orders: {
    kind: 'orders',
    source: `${METRICA}/schema/uploadSimpleOrders`,
    marks: ['create_date_time', 'revenue'],
    section: {
      columns: {
        order: 'id',
        customer: METRICA_CLIENT,
        time: 'create_date_time',
        revenue: 'revenue',
        cost: 'cost',
        currency: 'currency',
        products: 'products',
        status_time: 'update_date_time',
      },
      time_format: 'metrica',
      status: { column: 'order_status' },
    },
    firstOf: {
      [METRICA_CLIENT]: [
        'client_uniq_id',
        'emails',
        'phones',
        'client_ids',
        ...METRICA_HASHES_LACKS,
      ],
    },
    words: { order_status: METRICA_STATUSES, revenue: NO_REVENUE },
    lacks: [
      'order_status',
      'revenue',
      'cost',
      'currency',
      'products',
      'update_date_time',
      'client_uniq_id',
      'emails',
      'phones',
      'client_ids',
      ...METRICA_HASHES_LACKS,
    ],
    people: { email: 'emails', phone: 'phones', cookies: 'client_ids', ...METRICA_HASHES },
  },
  metrica_orders: {
    kind: 'orders',
    source: `${METRICA}/order/uploadOrders`,
    marks: ['create_date_time', 'revenue', 'client_uniq_id', 'client_type'],
    section: {
      columns: {
        order: 'id',
        customer: 'client_uniq_id',
        time: 'create_date_time',
        revenue: 'revenue',
        cost: 'cost',
        currency: 'currency',
        products: 'products',
        status_time: 'update_date_time',
      },
      time_format: 'metrica',
      status: { column: 'order_status' },
    },
    words: { order_status: METRICA_STATUSES, revenue: NO_REVENUE },
    lacks: ['order_status', 'revenue', 'cost', 'currency', 'products', 'update_date_time'],
  },
  metrica_contacts: {
    kind: 'customers',
    source: `${METRICA}/contact/uploadContacts`,
    marks: ['uniq_id'],
    section: {
      columns: {
        customer: 'uniq_id',
        email: 'emails',
        phone: 'phones',
        cookies: 'client_ids',
        ...METRICA_HASHES,
        updated: 'update_date_time',
      },
      time_format: 'metrica',
    },
    lacks: ['emails', 'phones', 'client_ids', 'update_date_time', ...METRICA_HASHES_LACKS],
  },
  retailcrm_orders: {
    kind: 'orders',
    source: 'https://docs.retailcrm.ru/Developers/API/APIVersions/APIv5, GET /api/v5/orders',
    marks: ['createdAt', 'status', 'totalSumm'],
    section: {
      columns: {
        order: 'id',
        customer: RETAILCRM_CLIENT,
        time: 'createdAt',
        revenue: 'totalSumm',
        cost: 'purchaseSumm',
        currency: 'currency',
        products: 'items',
        status_time: 'statusUpdatedAt',
        paid_at: 'fullPaidAt',
      },
      time_format: 'iso',
      status: { column: 'status' },
    },
    firstOf: { [RETAILCRM_CLIENT]: ['customer.id', 'email', 'phone'] },
    lacks: [
      'purchaseSumm',
      'currency',
      'items',
      'statusUpdatedAt',
      'fullPaidAt',
      'customer.id',
      'email',
      'phone',
      'clientId',
    ],
    people: { email: 'email', phone: 'phone', cookies: 'clientId' },
  },
  retailcrm_customers: {
    kind: 'customers',
    source: 'https://docs.retailcrm.ru/Developers/API/APIVersions/APIv5, GET /api/v5/customers',
    marks: ['id', 'createdAt', 'ordersCount'],
    section: {
      columns: {
        customer: 'id',
        email: 'email',
        phone: 'phones.number',
        cookies: 'lastClientId',
      },
    },
    lacks: ['email', 'phones.number', 'lastClientId'],
  },
  google_customer_match: {
    kind: 'customers',
    source: 'https://support.google.com/google-ads/answer/7659867',
    marks: ['Email', 'First Name', 'Last Name', 'Country', 'Zip'],
    section: { columns: { customer: EMAIL_OR_PHONE, email: 'Email', phone: 'Phone' } },
    firstOf: { [EMAIL_OR_PHONE]: ['Email', 'Phone'] },
    repeats: ['Email', 'Phone'],
    lacks: ['Email', 'Phone'],
  },
  meta_customer_list: {
    kind: 'customers',
    source: 'https://www.facebook.com/business/help/2082575038703844',
    marks: ['email', 'fn', 'ln'],
    section: { columns: { customer: META_CLIENT, email: 'email', phone: 'phone' } },
    firstOf: { [META_CLIENT]: ['extern_id', 'email', 'phone'] },
    lacks: ['extern_id', 'email', 'phone'],
  },
  meta_offline_events: {
    kind: 'orders',
    source: 'https://developers.facebook.com/documentation/ads-commerce/conversions-api',
    marks: ['event_name', 'event_time', 'order_id', 'value'],
    section: {
      columns: {
        order: 'order_id',
        customer: META_CLIENT,
        time: 'event_time',
        revenue: 'value',
        currency: 'currency',
      },
      time_format: 'iso_or_unix_s',
      status: { constant: 'paid' },
    },
    firstOf: { [META_CLIENT]: ['extern_id', 'email', 'phone'] },
    lacks: ['currency', 'extern_id', 'email', 'phone'],
    people: { email: 'email', phone: 'phone' },
  },
  metrica_offline_conversions: {
    kind: 'conversions',
    source: 'https://yandex.ru/dev/metrika/en/management/offline-conv',
    marks: ['Target', 'DateTime'],
    section: {
      columns: { ...METRICA_VISITOR, name: 'Target', value: 'Price', currency: 'Currency' },
      time_format: 'unix_s',
    },
    lacks: [...METRICA_VISITOR_LACKS, 'Price', 'Currency'],
  },
  google_offline_conversions: {
    kind: 'conversions',
    source: 'https://support.google.com/google-ads/answer/7014069',
    marks: ['Google Click ID', 'Conversion Name', 'Conversion Time'],
    section: {
      columns: {
        time: 'Conversion Time',
        gclid: 'Google Click ID',
        name: 'Conversion Name',
        value: 'Conversion Value',
        currency: 'Conversion Currency',
      },
      time_format: 'iso',
    },
    lacks: ['Conversion Value', 'Conversion Currency'],
  },
  metrica_calls: {
    kind: 'calls',
    source: `${METRICA}/offline_conversion/uploadCalls`,
    marks: ['DateTime', 'TalkDuration'],
    section: {
      columns: { ...METRICA_VISITOR, value: 'Price', currency: 'Currency' },
      name: 'call',
      time_format: 'unix_s',
    },
    lacks: [...METRICA_VISITOR_LACKS, 'Price', 'Currency'],
  },
} as const satisfies Readonly<Record<string, KnownFile>>;

export type KnownName = keyof typeof KNOWN_FILES;

export const KNOWN_NAMES = Object.keys(KNOWN_FILES) as KnownName[];

export function knownFile(name: KnownName): KnownFile {
  return KNOWN_FILES[name];
}

/** Names that `like:` of a kind may have. */
export function knownNames(kind: string): KnownName[] {
  return KNOWN_NAMES.filter((name) => KNOWN_FILES[name].kind === kind);
}

/** A header as it is compared: other letters' case and other signs between words are the same. */
export function spelling(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ');
}

/** The known file that a header is of; null when it is none. */
export function recognised(kind: string, header: readonly string[]): KnownName | null {
  const there = new Set(header.map(spelling));
  const matching = knownNames(kind).filter((name) =>
    KNOWN_FILES[name].marks.every((mark) => there.has(spelling(mark))),
  );
  matching.sort((a, b) => KNOWN_FILES[b].marks.length - KNOWN_FILES[a].marks.length);
  return matching[0] ?? null;
}
