/** What the demo shop, "Fernhill Outdoor & Home", sells. Every brand and model is invented. */
export interface DemoCategory {
  /** Prefix of product ids. */
  readonly code: string;
  readonly name: string;
  /** Google product taxonomy, as feeds carry it. */
  readonly googleCategory: string;
  readonly icon: string;
  readonly hue: number;
  readonly brands: readonly string[];
  readonly kinds: readonly ProductKind[];
}

interface ProductKind {
  readonly names: readonly string[];
  readonly fromUnits: number;
  readonly toUnits: number;
}

export const COLOURS: readonly (readonly [name: string, hex: string])[] = [
  ['Moss Green', '5d7a4a'],
  ['Pine', '2f5d50'],
  ['Slate Blue', '4f6d8f'],
  ['Midnight', '2a3550'],
  ['Rust', 'b4552d'],
  ['Ember Red', 'b23a3a'],
  ['Mustard', 'c99a2e'],
  ['Sand', 'b9a27c'],
  ['Charcoal', '45484d'],
  ['Plum', '6d4564'],
  ['Glacier', '6fa3b5'],
  ['Clay', 'a8755a'],
];

export const MODELS = [
  'Alder',
  'Aster',
  'Brae',
  'Calder',
  'Cairn',
  'Drift',
  'Eira',
  'Fjell',
  'Glen',
  'Harrow',
  'Isla',
  'Juniper',
  'Keld',
  'Linden',
  'Marlow',
  'Nevis',
  'Orrin',
  'Peak',
  'Quill',
  'Rowan',
  'Skye',
  'Tarn',
  'Ulva',
  'Vale',
  'Wren',
  'Yarrow',
];

const OUTDOOR = ['Northfell', 'Tarnwood', 'Kestrel Ridge', 'Halden'];
const CLOTHING = ['Northfell', 'Stonebeck', 'Vindur', 'Marsh & Moor'];
const HOME = ['Larkspur Home', 'Oakline', 'Saltmarsh', 'Hearth & Hale'];

function kind(fromUnits: number, toUnits: number, ...names: string[]): ProductKind {
  return { names, fromUnits, toUnits };
}

export const CATEGORIES: readonly DemoCategory[] = [
  {
    code: 'TNT',
    name: 'Tents',
    googleCategory: 'Sporting Goods > Outdoor Recreation > Camping & Hiking > Tents',
    icon: 'tent',
    hue: 95,
    brands: OUTDOOR,
    kinds: [
      kind(119, 289, '2-Person Tent', '2-Person Trekking Tent'),
      kind(179, 389, '3-Person Dome Tent', '4-Person Tent'),
      kind(349, 749, '6-Person Family Tent', 'Tunnel Tent'),
      kind(39, 99, 'Tarp Shelter', 'Sun Shelter'),
    ],
  },
  {
    code: 'PCK',
    name: 'Backpacks',
    googleCategory: 'Luggage & Bags > Backpacks',
    icon: 'backpack',
    hue: 205,
    brands: OUTDOOR,
    kinds: [
      kind(39, 89, 'Daypack 18 L', 'Daypack 24 L'),
      kind(79, 169, 'Hiking Backpack 35 L', 'Hiking Backpack 45 L'),
      kind(139, 279, 'Trekking Backpack 60 L', 'Expedition Backpack 70 L'),
      kind(29, 69, 'Hip Pack', 'Roll-Top Bag 20 L'),
    ],
  },
  {
    code: 'SLP',
    name: 'Sleeping Bags & Mats',
    googleCategory: 'Sporting Goods > Outdoor Recreation > Camping & Hiking > Sleeping Bags',
    icon: 'bag',
    hue: 260,
    brands: OUTDOOR,
    kinds: [
      kind(59, 139, 'Summer Sleeping Bag', '3-Season Sleeping Bag'),
      kind(169, 379, 'Down Sleeping Bag', 'Winter Sleeping Bag'),
      kind(35, 119, 'Foam Mat', 'Self-Inflating Mat'),
      kind(14, 39, 'Camp Pillow', 'Bag Liner'),
    ],
  },
  {
    code: 'BTS',
    name: 'Footwear',
    googleCategory: 'Apparel & Accessories > Shoes',
    icon: 'boot',
    hue: 30,
    brands: ['Stonebeck', 'Halden', 'Trailwright', 'Vindur'],
    kinds: [
      kind(109, 239, 'Hiking Boots', 'Mid Hiking Boots'),
      kind(79, 159, 'Trail Running Shoes', 'Approach Shoes'),
      kind(45, 99, 'Camp Sandals', 'Canvas Shoes'),
      kind(12, 29, 'Merino Socks, 2 Pairs', 'Wool Insoles'),
    ],
  },
  {
    code: 'JKT',
    name: 'Jackets & Fleeces',
    googleCategory: 'Apparel & Accessories > Clothing > Outerwear > Coats & Jackets',
    icon: 'jacket',
    hue: 10,
    brands: CLOTHING,
    kinds: [
      kind(99, 249, 'Rain Jacket', 'Shell Jacket'),
      kind(139, 329, 'Down Jacket', 'Insulated Parka'),
      kind(49, 109, 'Fleece Pullover', 'Zip Fleece'),
      kind(24, 59, 'Merino Tee', 'Base Layer Top'),
    ],
  },
  {
    code: 'KIT',
    name: 'Camp Kitchen',
    googleCategory: 'Sporting Goods > Outdoor Recreation > Camping & Hiking > Camping Cookware',
    icon: 'pot',
    hue: 45,
    brands: ['Tarnwood', 'Ashgrove', 'Embercraft', 'Halden'],
    kinds: [
      kind(29, 89, 'Cook Set', 'Titanium Pot 1 L'),
      kind(39, 149, 'Gas Stove', 'Two-Burner Stove'),
      kind(9, 29, 'Enamel Mug', 'Spork Set'),
      kind(59, 189, 'Cool Box 24 L', 'Soft Cooler'),
    ],
  },
  {
    code: 'LGT',
    name: 'Lighting',
    googleCategory: 'Hardware > Tools > Flashlights & Headlamps',
    icon: 'lantern',
    hue: 50,
    brands: ['Embercraft', 'Lumenfield', 'Kestrel Ridge'],
    kinds: [
      kind(24, 79, 'Headlamp 300 lm', 'Headlamp 600 lm'),
      kind(29, 89, 'Camp Lantern', 'Rechargeable Lantern'),
      kind(14, 39, 'String Lights', 'Pocket Torch'),
    ],
  },
  {
    code: 'BTL',
    name: 'Bottles & Flasks',
    googleCategory: 'Home & Garden > Kitchen & Dining > Food & Beverage Carriers > Water Bottles',
    icon: 'bottle',
    hue: 190,
    brands: ['Saltmarsh', 'Tarnwood', 'Ashgrove'],
    kinds: [
      kind(16, 39, 'Steel Bottle 0.5 L', 'Steel Bottle 0.75 L'),
      kind(25, 59, 'Vacuum Flask 1 L', 'Food Flask'),
      kind(19, 49, 'Travel Mug', 'Filter Bottle'),
    ],
  },
  {
    code: 'CYC',
    name: 'Cycling',
    googleCategory: 'Sporting Goods > Outdoor Recreation > Cycling',
    icon: 'bicycle',
    hue: 150,
    brands: ['Trailwright', 'Wheelhouse', 'Vindur'],
    kinds: [
      kind(549, 1290, 'Gravel Bike', 'City Bike'),
      kind(49, 129, 'Cycling Helmet', 'Pannier Pair 40 L'),
      kind(19, 69, 'Bike Light Set', 'Floor Pump'),
      kind(29, 89, 'Handlebar Bag', 'Cycling Gloves'),
    ],
  },
  {
    code: 'TEX',
    name: 'Blankets & Cushions',
    googleCategory: 'Home & Garden > Linens & Bedding',
    icon: 'cushion',
    hue: 330,
    brands: HOME,
    kinds: [
      kind(49, 149, 'Wool Blanket', 'Waffle Throw'),
      kind(24, 69, 'Linen Cushion', 'Cord Cushion'),
      kind(59, 179, 'Linen Duvet Cover', 'Picnic Rug'),
      kind(15, 45, 'Cotton Hand Towel', 'Bath Towel'),
    ],
  },
  {
    code: 'GDN',
    name: 'Garden',
    googleCategory: 'Home & Garden > Lawn & Garden > Gardening',
    icon: 'plant',
    hue: 120,
    brands: ['Oakline', 'Greenhithe', 'Hearth & Hale'],
    kinds: [
      kind(15, 59, 'Terracotta Planter', 'Hanging Planter'),
      kind(19, 65, 'Hand Tool Set', 'Pruning Shears'),
      kind(69, 289, 'Fire Bowl', 'Raised Bed'),
      kind(9, 29, 'Herb Seed Box', 'Garden Gloves'),
    ],
  },
  {
    code: 'FRN',
    name: 'Camp & Garden Furniture',
    googleCategory: 'Furniture > Outdoor Furniture',
    icon: 'chair',
    hue: 220,
    brands: ['Oakline', 'Tarnwood', 'Greenhithe'],
    kinds: [
      kind(39, 119, 'Folding Chair', 'Camp Chair'),
      kind(69, 199, 'Folding Table', 'Roll-Top Table'),
      kind(89, 249, 'Hammock', 'Lounge Chair'),
      kind(249, 690, 'Garden Bench', 'Bistro Set'),
    ],
  },
];
