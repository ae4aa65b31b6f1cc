/** The five segments the demo ships with, each with its rule, its effect on bids, and its tests. */
export const SEGMENT_FILES: Readonly<Record<string, string>> = {
  new: `# In the customer base (an account, a newsletter), but without an order so far.
segment: new
title: New, no order yet
priority: 10                 # of the segments a person is in, the highest priority shapes the bid
all:
  - orders.count: { eq: 0 }  # valid orders: paid or in progress
  - orders.cancelled: { eq: 0 }
bid: { multiplier: 1.2, max_cpm: 6 USD }
frequency: [{ max: 8, per: 24h, scope: shop }]   # all campaigns together, on all devices
offer: welcome
tests:                       # "rekindle validate" runs these: what the rule should say about whom
  - { name: registered only, profile: { orders: { count: 0 } }, expect: in }
  - { name: one order under way, profile: { orders: { count: 1 } }, expect: out }
  - { name: only a refused parcel, profile: { orders: { count: 0, cancelled: 1 } }, expect: out }
`,
  existing: `# Has bought, and is neither asleep nor a trouble: they come back by themselves, so bid less.
segment: existing
title: Existing buyers
priority: 20
all:
  - orders.count: { gte: 1 }
bid: { multiplier: 0.8, max_cpm: 5 USD }
frequency: [{ max: 4, per: 24h, scope: shop }]
tests:
  - { name: one order, profile: { orders: { count: 1, last_days: 3 } }, expect: in }
  - { name: never bought, profile: { orders: { count: 0 } }, expect: out }
`,
  high_aov: `# Large baskets: the average of valid orders is 250 USD or more, and not by one lucky order.
segment: high_aov
title: High average order value
priority: 60
all:
  - orders.count: { gte: 2 }
  - orders.aov: { gte: 250 USD }
bid: { multiplier: 1.6, max_cpm: 14 USD }
frequency: [{ max: 6, per: 24h, scope: shop }]
offer: free_delivery
tests:
  - { name: two large orders, profile: { orders: { count: 2, aov: 320 USD } }, expect: in }
  - { name: one large order, profile: { orders: { count: 1, aov: 900 USD } }, expect: out }
  - { name: many small orders, profile: { orders: { count: 12, aov: 60 USD } }, expect: out }
`,
  lapsed_loyal: `# Bought again and again, and is now silent for half as long again as is usual *for this customer*.
# Somebody who buys every month is missed after 45 days, somebody who buys twice a year after nine
# months. Customers with too few orders for a cycle of their own are measured by the shop's.
segment: lapsed_loyal
title: Lapsed loyal
priority: 80
all:
  - orders.count: { gte: 3 }
  - orders.last_days: { gt: { times: 1.5, of: orders.cycle_days, min: 45 } }
none:
  - orders.refusal_share: { gt: 0.4 }
bid: { multiplier: 2.1, max_cpm: 18 USD }
frequency: [{ max: 6, per: 24h, scope: shop }]
offer: winback10
tests:
  - { name: every 30 days and silent for 60, profile: { orders: { count: 5, last_days: 60, cycle_days: 30 } }, expect: in }
  - { name: every 60 days and silent for 60, profile: { orders: { count: 5, last_days: 60, cycle_days: 60 } }, expect: out }
  - { name: every week and silent for 30, profile: { orders: { count: 9, last_days: 30, cycle_days: 7 } }, expect: out }
  - { name: refuses half of it, profile: { orders: { count: 5, refusal_share: 0.5, last_days: 90, cycle_days: 30 } }, expect: out }
`,
  high_refusal: `# Orders and does not take it: two or more of five orders end in a cancellation or a return.
segment: high_refusal
title: High refusal
priority: 90
all:
  - orders.refusal_share: { gte: 0.4 }
any:
  - orders.cancelled: { gte: 2 }
  - orders.returned: { gte: 2 }
bid: { multiplier: 0.25, max_cpm: 1 USD }
frequency: [{ max: 1, per: 24h, scope: shop }]
tests:
  - { name: two of four refused, profile: { orders: { count: 2, cancelled: 2, refusal_share: 0.5 } }, expect: in }
  - { name: one bad day, profile: { orders: { count: 1, cancelled: 1, refusal_share: 0.5 } }, expect: out }
  - { name: two of twenty, profile: { orders: { count: 18, cancelled: 1, returned: 1, refusal_share: 0.1 } }, expect: out }
`,
};

export const OFFER_FILES: Readonly<Record<string, string>> = {
  welcome: `# Shown on the banner; the coupon goes along to the landing page.
offer: welcome
text: 5 % off your first order
coupon: HELLO5
`,
  winback10: `offer: winback10
text: We miss you. 10 % off, this week
coupon: WINBACK10
`,
  free_delivery: `offer: free_delivery
text: Free delivery on everything
coupon: FREESHIP
`,
};
