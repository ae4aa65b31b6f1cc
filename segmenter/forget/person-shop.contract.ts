/** A shop of a few customers, one of whom asks to be forgotten or to be told what is held of her. */
import { importMappingSchema } from '../../settings/import-mapping.ts';

export const HEADER = 'order,customer,time,product,quantity,price,status\n';
const ORDERS = `${HEADER}1,anna,2026-11-01T10:00,p1,2,10.50,paid
2,boris,2026-10-01,p3,1,5,paid
3,anna-2,2026-09-11,p1,1,5,paid
4,vera,2026-01-05 23:30,p1,1,80.00,paid
5,anna,never,p1,1,80.00,paid
`;
const CUSTOMERS = `id,email,phone,town
anna,Anna@Example.com,+7 999 555-11-11,canary-town
anna-2,anna@example.com,,
boris,boris@example.com,8 (999) 555-22-22,Varna
vera,noreply@shop.example,,
`;
const DEVICES = `customer,space,value
anna,cookie,canary-c1
anna,ifa,canary-ifa
anna,cookie,shared
boris,cookie,shared
boris,cookie,c2
`;
/** One event names her, one her cookie, one an order of hers, and one of a stranger's browser her phone. */
const EVENTS = `customer,cookie,order,time,name,page
anna,,,2026-11-01T10:00,canary-view,canary-page
,canary-c1,,2026-11-02T10:00,view,canary-page
,,1,2026-11-03T10:00,call,canary-page
,canary-strange,,2026-11-03T10:00,call,8 999 555-11 11
boris,,,2026-11-01T10:00,view,tea
,,2,2026-11-03T10:00,call,tea
`;
export const FILES = { orders: ORDERS, customers: CUSTOMERS, devices: DEVICES, events: EVENTS };
export const MAPPING = importMappingSchema.parse({
  orders: {
    columns: {
      order: 'order',
      customer: 'customer',
      time: 'time',
      product: 'product',
      unit_price: 'price',
    },
    status: { column: 'status' },
  },
  customers: {
    columns: { customer: 'id', email: 'email', phone: 'phone' },
    attributes: { town: { column: 'town', type: 'text' } },
  },
  events: {
    columns: { customer: 'customer', cookie: 'cookie', order: 'order', time: 'time', name: 'name' },
  },
  devices: { columns: { customer: 'customer', space: 'space', value: 'value' } },
});
