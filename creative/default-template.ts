/**
 * The template every new shop starts with, as `templates/product-grid.html`. It is written for
 * people who change it: readable, and the compiler drops the line breaks.
 */
export const DEFAULT_TEMPLATE = `<!--
  Product banner for every size. Slots: {text item.title} in double braces, with their type.
  Sections: items repeats for each product; sale, offer, and one for each layout of a size:
  strip (320x50, 320x100), wide (728x90), list (300x250, 336x280), tower (160x600), wall (300x600).
-->
<div class="rk" lang="{{text banner.language}}">
  <style>
    .rk,.rk *{box-sizing:border-box}
    .rk{position:relative;width:{{int banner.width}}px;height:{{int banner.height}}px;display:flex;
      {{#list}}flex-direction:column;{{/list}}{{#tower}}flex-direction:column;{{/tower}}{{#wall}}flex-direction:column;{{/wall}}
      overflow:hidden;border:1px solid #8a919c;background:#fff;color:#1d2330;font:13px/1.25 system-ui,Arial,sans-serif}
    .rk header{flex:none;display:flex;align-items:center;justify-content:space-between;gap:2px 8px;
      {{#wide}}width:116px;flex-direction:column;justify-content:center;text-align:center;{{/wide}}
      {{#strip}}width:76px;justify-content:center;text-align:center;overflow:hidden;font-size:12px;line-height:1.1;{{/strip}}
      {{#tower}}flex-direction:column;text-align:center;{{/tower}}
      padding:5px 8px;background:#17324d;color:#fff;font-weight:700}
    .rk em,.rk i{border-radius:3px;font-style:normal{{#strip}};display:none{{/strip}}}
    .rk em{padding:1px 6px;background:#ffd95a;color:#1d2330;
      {{#list}}overflow:hidden;white-space:nowrap;text-overflow:ellipsis;{{/list}}
      {{#wall}}overflow:hidden;white-space:nowrap;text-overflow:ellipsis;{{/wall}}
      font-size:12px}
    .rk main{flex:1;min-width:0;min-height:0;display:grid;
      {{#wide}}grid-auto-flow:column;grid-auto-columns:minmax(0,1fr);{{/wide}}
      {{#wall}}grid-template-columns:repeat(2,minmax(0,1fr));{{/wall}}
      grid-auto-rows:minmax(0,1fr)}
    .rk a{display:flex;align-items:center;gap:9px;min-width:0;padding:5px 8px;overflow:hidden;
      {{#tower}}flex-direction:column;justify-content:center;gap:4px;{{/tower}}
      {{#wall}}flex-direction:column;justify-content:center;gap:4px;{{/wall}}
      outline-offset:-3px;box-shadow:0 0 0 .5px #dfe3e8;color:inherit;text-decoration:none}
    {{#wall}}.rk a:last-child:nth-child(odd),.rk a:first-child:nth-last-child(2),.rk a:first-child:nth-last-child(2)~a{grid-column:span 2}{{/wall}}
    .rk a img{flex:none;height:100%;max-width:42%;
      {{#strip}}max-width:56px;{{/strip}}
      {{#tower}}flex:0 1 auto;min-height:0;height:auto;width:100%;max-width:100%;{{/tower}}
      {{#wall}}flex:0 1 auto;min-height:0;height:auto;width:100%;max-width:100%;{{/wall}}
      aspect-ratio:1;object-fit:contain;border-radius:4px}
    .rk a div{min-width:0;
      {{#strip}}flex:1;display:flex;align-items:center;gap:8px;{{/strip}}{{#tower}}width:100%;{{/tower}}{{#wall}}width:100%;{{/wall}}
      max-width:100%}
    .rk p{overflow:hidden;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;margin:0 0 2px{{#strip}};flex:1;margin:0{{/strip}}}
    .rk b{font-size:15px}
    .rk s{color:#5b6470;font-size:11px{{#strip}};display:none{{/strip}}}
    .rk i{padding:0 4px;background:#b42318;color:#fff;font-size:11px;font-weight:700}
  </style>
  <header><span>{{text shop.title}}</span>{{#offer}}<em>{{text offer.text}}</em>{{/offer}}</header>
  <main>
    {{#items}}
    <a href="{{url item.click}}" target="_blank" rel="noopener nofollow sponsored">
      <img src="{{url item.image}}" alt="{{text item.title}}">
      <div><p>{{text item.title}}</p><b>{{money item.price}}</b>{{#sale}} <s>{{money item.listPrice}}</s> <i>-{{int item.discount}}%</i>{{/sale}}</div>
    </a>
    {{/items}}
  </main>
  <img src="{{url banner.pixel}}" width="1" height="1" alt="" style="position:absolute;left:0;bottom:0">
</div>
`;
