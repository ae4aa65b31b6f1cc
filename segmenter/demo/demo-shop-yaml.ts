/** shop.yaml, rekindle.yaml, rates.yaml and exchanges of the demo, with comments for who edits them. */
import { DEMO_HOST } from './demo-feed.ts';

export const REKINDLE_YAML = `# The workspace of Rekindle. Each shop is a folder below shops/, each exchange a file in exchanges/.
# Check what you changed with:  npx rekindle validate
version: 1

# What is left out has these values; the environment (REKINDLE_PORT and so on) goes before this file.
# port: 8080                 # where exchanges and browsers come
# admin_port: 8081           # console and metrics, on loopback
# public_url: http://127.0.0.1:8080   # how browsers and exchanges reach this service
# store_url: redis://127.0.0.1:6379   # without it, an embedded store in this folder
# processes: 1               # bidder processes
# workers: 2                 # threads in each; as many as the machine has cores for
# deadline: 100ms            # an answer never takes longer, whatever an exchange allows
# connections_max: 4096      # open connections of one worker; more are closed at once
# publish_rate: 20000        # most records a second that a build writes; a Redis that bids read is spared
`;

export const SHOP_YAML = `# Fernhill Outdoor & Home: a made-up shop, to try things on. Change anything; "rekindle validate"
# says what it does not understand, with file, line and a suggestion.
shop: demo                   # as the folder is called
title: Fernhill Outdoor & Home

# Every amount of this shop is in this currency; days, windows and daily budgets are days of this zone.
currency: USD
time_zone: Europe/Sofia

# The advertiser, as exchanges want to know it: its domains and its IAB content categories.
domains: [demo.example]
categories: [IAB18, IAB20-3]

# Where landing pages and pictures may be. (The demo's pictures are inside the feed itself.)
allowed_hosts: [${DEMO_HOST}]

# consent_vendor: 755        # under whose name on the IAB's Global Vendor List people are recognised where
                             # consent is asked for (Europe): without it, nobody is there

# What an impression is worth before anything was learned. Of 10,000 impressions 40 are clicked;
# of 100 clicks 3 become orders; 35 % of revenue is margin.
economics:
  click_rate: 0.004
  conversion_rate: 0.03
  margin: 0.35
  new_order_value: 90 USD    # assumed for somebody who never bought

# What each order status of the CRM means: in_progress, paid, cancelled, returned, spam or other.
# Valid orders are those paid or in progress; cancelled and returned ones make the refusal share.
statuses:
  new: in_progress
  confirmed: in_progress
  packing: in_progress
  shipped: in_progress
  delivered: in_progress     # handed over, not yet paid out
  completed: paid
  cancelled: cancelled
  no-answer: cancelled
  out-of-stock: cancelled
  refused-at-door: cancelled
  returned: returned
  test: spam

# How the files in crm/ are read: our names on the left, the columns of your files on the right.
import:
  orders:
    columns:
      order: order_id
      customer: customer_id
      time: ordered_at
      product: product_id
      quantity: quantity
      unit_price: unit_price
    time_format: iso
    status: { column: status }
  customers:
    columns: { customer: customer_id, email: email, phone: phone }
  devices:
    columns: { customer: customer_id, space: space, value: value }
`;

export const GENERIC_YAML = `# An exchange that speaks plain OpenRTB 2.6. It sends requests to /bid/generic.
exchange: generic
seat: ""                     # our seat id there; exchanges that give none want none
currencies: [USD, EUR]       # what we bid in; the first that a request allows is taken
billing: burl                # which notice books the money, burl, nurl or impression, or one a format
network: 20ms                # what the way there and back takes off the request's tmax
tmax_default: 120ms          # for requests that do not say
# format: protobuf           # what it asks in and is answered in; json when left out
# gzip: true                 # answers packed where a request accepts it; packed requests are read anyway
# profile: xandr             # keys of a shipped exchange beneath these: docs/exchanges.md
# no_bid: reason             # 200 with the reason code instead of a bare 204
# price:                     # for an exchange that seals the prices in its notices, as Google does
#   codec: google-hmac
#   keys_file: generic.keys.json   # next to this file, and not in git; README, "Prices in notices"
`;

export const SIMEX_YAML = `# A second exchange, paid in euros and on the win notice, to see that caps and budgets are shared.
exchange: simex
seat: fernhill
currencies: [EUR]
billing: nurl
network: 30ms
tmax_default: 150ms
`;

/** The date is the day of writing, and a demo left for a year must still bid in euros. */
export function ratesYaml(nowMs: number): string {
  return `# What one unit of the reference currency (the one with 1) is worth in others, and on which day.
# Rates older than max_age are no rates: there are no bids in another currency then. In production
# keep it short (3d) and write this file from your bank's daily table; a demo may be left alone.
as_of: ${new Date(nowMs).toISOString().slice(0, 10)}
max_age: 3650d
per_reference:
  USD: 1
  EUR: 0.92
`;
}
