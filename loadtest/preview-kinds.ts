/** A rule of every kind that a preview answers, over a base of sized-base.ts; none of them serves. */

/** By what the rule asks: its conditions, in YAML, under a segment's title. */
export const PREVIEW_KINDS: Readonly<Record<string, string>> = {
  'orders of all time': all('orders.count: { gte: 3 }'),
  'orders in a window': all('orders.revenue: { gte: 200 USD, within: 180d }'),
  'orders since the own last': all('orders.cancelled: { gte: 1, since: own_last_order }'),
  'own cycle': all(
    'orders.last_days: { gt: { times: 1.5, of: orders.cycle_days, min: 30 } }',
    'orders.count: { eq: 0, within: { times: 2, of: orders.cycle_days, min: 30 } }',
  ),
  'orders by status and worth': orders('where: { status: cancelled, revenue: { gte: 300 USD } }'),
  'orders by product': orders('where: { product: p100042 }'),
  'orders by category': orders('where: { category: { any_of: [category-3, category-8] } }'),
  'orders but of a category': orders('where: { category: { none_of: [category-3] } }'),
  'orders by attribute': orders('where: { attributes.channel: { any_of: [app] } }'),
  'products bought': all('products.bought: { any_of: [p100001, p100002] }'),
  'categories bought': all('categories.bought: { all_of: [category-3, category-8] }'),
  attributes: all('attributes.city: { any_of: [city3, city8] }', 'attributes.size: { gte: 42 }'),
  'events of all time': events('count: { gte: 12 }'),
  'events not done': events('within: 30d, count: { eq: 0 }'),
  'events by name in a window': events('name: view, within: 30d, count: { gte: 2 }'),
  'events on days': events('distinct_days: { gte: 10 }'),
  'events since the last': events('days_since_last: { lte: 7 }'),
  'events since the own last order': events('since: own_last_order, count: { gte: 5 }'),
  'events in the own cycle': events(
    'within: { times: 1, of: orders.cycle_days, min: 30 }, count: { gte: 3 }',
  ),
  'events by worth': events('name: cart, where: { value: { gte: 50 USD } }, count: { gte: 1 }'),
  'events: sum of worth': events('value: { gte: 1000 USD }'),
  'events by product': events('where: { product: p100042 }, count: { gte: 1 }'),
  'events by category': events('where: { category: category-3 }, count: { gte: 1 }'),
  'events by attribute': events(
    'where: { attributes.page: { any_of: [sale] } }, count: { gte: 6 }',
  ),
  'rank, not kept': all('rfm.recency: { gte: 4 }'),
  'score of ranks, not kept': all('rfm.score: { any_of: [555, 554, 545] }'),
  decile: all('clv.decile: { eq: 10 }'),
  'rank and decile': all('rfm.monetary: { eq: 5 }', 'clv.decile: { gte: 9 }'),
  'chance to buy again': all('clv.p_alive: { lt: 0.5 }'),
  'affinity, not kept': all('affinity: { category: category-3, share: { gte: 0.5 } }'),
  'favourite, not kept': all('categories.favourite: { any_of: [category-3, category-8] }'),
  'another segment': all('segment: s8_5'),
  'exclusion, group, control': [
    all('orders.count: { gte: 1 }'),
    'exclude: [s0_4]',
    'group: tried',
    'control: { share: 0.1 }',
    '',
  ].join('\n'),
  'members who stay': `${all('orders.count: { gte: 2, within: 90d }')}stays: 30d\n`,
  'much at once': all(
    'orders.count: { gte: 2 }',
    'orders.revenue: { gte: 100 USD, within: 365d }',
    'categories.bought: { any_of: [category-3] }',
    'attributes.city: { none_of: [city3] }',
    'events: { name: view, within: 60d, count: { gte: 1 } }',
    'events: { name: cart, within: 30d, count: { eq: 0 } }',
    'rfm.recency: { gte: 2 }',
  ),
};

function all(...conditions: readonly string[]): string {
  return `all:\n${conditions.map((condition) => `  - ${condition}\n`).join('')}`;
}

function orders(where: string): string {
  return all(`orders: { ${where}, count: { gte: 1 } }`);
}

function events(asked: string): string {
  return all(`events: { ${asked} }`);
}
