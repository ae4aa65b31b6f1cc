import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace rekindle. */
export namespace rekindle {

    /**
     * Properties of a Profile.
     * @deprecated Use rekindle.Profile.$Properties instead.
     */
    interface IProfile extends rekindle.Profile.$Properties {
    }

    /** Represents a Profile. */
    class Profile {

        /**
         * Constructs a new Profile.
         * @param [p] Properties to set
         */
        constructor(p?: rekindle.Profile.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Profile person. */
        person: string;

        /** Profile segments. */
        segments: number[];

        /** Profile orders. */
        orders: rekindle.ProfileOrder.$Properties[];

        /** Profile cycleHalfDays. */
        cycleHalfDays: number;

        /** Profile products. */
        products: string[];

        /** Profile categories. */
        categories: string[];

        /** Profile boughtWith. */
        boughtWith: string[];

        /** Profile conditions. */
        conditions: number[];

        /**
         * Encodes the specified Profile message. Does not implicitly {@link rekindle.Profile.verify|verify} messages.
         * @param m Profile message or plain object to encode
         * @param [w] Writer to encode to
         * @returns Writer
         */
        static encode(m: rekindle.Profile.$Properties, w?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Profile message from the specified reader or buffer.
         * @param r Reader or buffer to decode from
         * @param [l] Message length if known beforehand
         * @returns {rekindle.Profile & rekindle.Profile.$Shape} Profile
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(r: ($protobuf.Reader|Uint8Array), l?: number): rekindle.Profile & rekindle.Profile.$Shape;

        /**
         * Creates a Profile message from a plain object. Also converts values to their respective internal types.
         * @param d Plain object
         * @returns Profile
         */
        static fromObject(d: { [k: string]: any }): rekindle.Profile;

        /**
         * Creates a plain object from a Profile message. Also converts values to other types if specified.
         * @param m Profile
         * @param [o] Conversion options
         * @returns Plain object
         */
        static toObject(m: rekindle.Profile, o?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this Profile to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for Profile
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Profile {

        /** Properties of a Profile. */
        interface $Properties {

            /** Profile person */
            person?: (string|null);

            /** Profile segments */
            segments?: (number[]|null);

            /** Profile orders */
            orders?: (rekindle.ProfileOrder.$Properties[]|null);

            /** Profile cycleHalfDays */
            cycleHalfDays?: (number|null);

            /** Profile products */
            products?: (string[]|null);

            /** Profile categories */
            categories?: (string[]|null);

            /** Profile boughtWith */
            boughtWith?: (string[]|null);

            /** Profile conditions */
            conditions?: (number[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Profile. */
        type $Shape = rekindle.Profile.$Properties;
    }

    /**
     * Properties of a ProfileOrder.
     * @deprecated Use rekindle.ProfileOrder.$Properties instead.
     */
    interface IProfileOrder extends rekindle.ProfileOrder.$Properties {
    }

    /** Represents a ProfileOrder. */
    class ProfileOrder {

        /**
         * Constructs a new ProfileOrder.
         * @param [p] Properties to set
         */
        constructor(p?: rekindle.ProfileOrder.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ProfileOrder atS. */
        atS: number;

        /** ProfileOrder status. */
        status: number;

        /** ProfileOrder revenueMicros. */
        revenueMicros: number;

        /** ProfileOrder orderKey. */
        orderKey: string;

        /** ProfileOrder marginMicros. */
        marginMicros?: (number|null);

        /**
         * Encodes the specified ProfileOrder message. Does not implicitly {@link rekindle.ProfileOrder.verify|verify} messages.
         * @param m ProfileOrder message or plain object to encode
         * @param [w] Writer to encode to
         * @returns Writer
         */
        static encode(m: rekindle.ProfileOrder.$Properties, w?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ProfileOrder message from the specified reader or buffer.
         * @param r Reader or buffer to decode from
         * @param [l] Message length if known beforehand
         * @returns {rekindle.ProfileOrder & rekindle.ProfileOrder.$Shape} ProfileOrder
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(r: ($protobuf.Reader|Uint8Array), l?: number): rekindle.ProfileOrder & rekindle.ProfileOrder.$Shape;

        /**
         * Creates a ProfileOrder message from a plain object. Also converts values to their respective internal types.
         * @param d Plain object
         * @returns ProfileOrder
         */
        static fromObject(d: { [k: string]: any }): rekindle.ProfileOrder;

        /**
         * Creates a plain object from a ProfileOrder message. Also converts values to other types if specified.
         * @param m ProfileOrder
         * @param [o] Conversion options
         * @returns Plain object
         */
        static toObject(m: rekindle.ProfileOrder, o?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this ProfileOrder to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for ProfileOrder
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ProfileOrder {

        /** Properties of a ProfileOrder. */
        interface $Properties {

            /** ProfileOrder atS */
            atS?: (number|null);

            /** ProfileOrder status */
            status?: (number|null);

            /** ProfileOrder revenueMicros */
            revenueMicros?: (number|null);

            /** ProfileOrder orderKey */
            orderKey?: (string|null);

            /** ProfileOrder marginMicros */
            marginMicros?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ProfileOrder. */
        type $Shape = rekindle.ProfileOrder.$Properties;
    }

    /**
     * Properties of a LiveFacts.
     * @deprecated Use rekindle.LiveFacts.$Properties instead.
     */
    interface ILiveFacts extends rekindle.LiveFacts.$Properties {
    }

    /** Represents a LiveFacts. */
    class LiveFacts {

        /**
         * Constructs a new LiveFacts.
         * @param [p] Properties to set
         */
        constructor(p?: rekindle.LiveFacts.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** LiveFacts person. */
        person: string;

        /** LiveFacts views. */
        views: rekindle.LiveItem.$Properties[];

        /** LiveFacts cart. */
        cart: rekindle.LiveItem.$Properties[];

        /** LiveFacts orders. */
        orders: rekindle.LiveOrder.$Properties[];

        /**
         * Encodes the specified LiveFacts message. Does not implicitly {@link rekindle.LiveFacts.verify|verify} messages.
         * @param m LiveFacts message or plain object to encode
         * @param [w] Writer to encode to
         * @returns Writer
         */
        static encode(m: rekindle.LiveFacts.$Properties, w?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a LiveFacts message from the specified reader or buffer.
         * @param r Reader or buffer to decode from
         * @param [l] Message length if known beforehand
         * @returns {rekindle.LiveFacts & rekindle.LiveFacts.$Shape} LiveFacts
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(r: ($protobuf.Reader|Uint8Array), l?: number): rekindle.LiveFacts & rekindle.LiveFacts.$Shape;

        /**
         * Creates a LiveFacts message from a plain object. Also converts values to their respective internal types.
         * @param d Plain object
         * @returns LiveFacts
         */
        static fromObject(d: { [k: string]: any }): rekindle.LiveFacts;

        /**
         * Creates a plain object from a LiveFacts message. Also converts values to other types if specified.
         * @param m LiveFacts
         * @param [o] Conversion options
         * @returns Plain object
         */
        static toObject(m: rekindle.LiveFacts, o?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this LiveFacts to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for LiveFacts
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace LiveFacts {

        /** Properties of a LiveFacts. */
        interface $Properties {

            /** LiveFacts person */
            person?: (string|null);

            /** LiveFacts views */
            views?: (rekindle.LiveItem.$Properties[]|null);

            /** LiveFacts cart */
            cart?: (rekindle.LiveItem.$Properties[]|null);

            /** LiveFacts orders */
            orders?: (rekindle.LiveOrder.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a LiveFacts. */
        type $Shape = rekindle.LiveFacts.$Properties;
    }

    /**
     * Properties of a LiveItem.
     * @deprecated Use rekindle.LiveItem.$Properties instead.
     */
    interface ILiveItem extends rekindle.LiveItem.$Properties {
    }

    /** Represents a LiveItem. */
    class LiveItem {

        /**
         * Constructs a new LiveItem.
         * @param [p] Properties to set
         */
        constructor(p?: rekindle.LiveItem.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** LiveItem item. */
        item: string;

        /** LiveItem atS. */
        atS: number;

        /**
         * Encodes the specified LiveItem message. Does not implicitly {@link rekindle.LiveItem.verify|verify} messages.
         * @param m LiveItem message or plain object to encode
         * @param [w] Writer to encode to
         * @returns Writer
         */
        static encode(m: rekindle.LiveItem.$Properties, w?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a LiveItem message from the specified reader or buffer.
         * @param r Reader or buffer to decode from
         * @param [l] Message length if known beforehand
         * @returns {rekindle.LiveItem & rekindle.LiveItem.$Shape} LiveItem
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(r: ($protobuf.Reader|Uint8Array), l?: number): rekindle.LiveItem & rekindle.LiveItem.$Shape;

        /**
         * Creates a LiveItem message from a plain object. Also converts values to their respective internal types.
         * @param d Plain object
         * @returns LiveItem
         */
        static fromObject(d: { [k: string]: any }): rekindle.LiveItem;

        /**
         * Creates a plain object from a LiveItem message. Also converts values to other types if specified.
         * @param m LiveItem
         * @param [o] Conversion options
         * @returns Plain object
         */
        static toObject(m: rekindle.LiveItem, o?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this LiveItem to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for LiveItem
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace LiveItem {

        /** Properties of a LiveItem. */
        interface $Properties {

            /** LiveItem item */
            item?: (string|null);

            /** LiveItem atS */
            atS?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a LiveItem. */
        type $Shape = rekindle.LiveItem.$Properties;
    }

    /**
     * Properties of a LiveOrder.
     * @deprecated Use rekindle.LiveOrder.$Properties instead.
     */
    interface ILiveOrder extends rekindle.LiveOrder.$Properties {
    }

    /** Represents a LiveOrder. */
    class LiveOrder {

        /**
         * Constructs a new LiveOrder.
         * @param [p] Properties to set
         */
        constructor(p?: rekindle.LiveOrder.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** LiveOrder orderKey. */
        orderKey: string;

        /** LiveOrder atS. */
        atS: number;

        /** LiveOrder status. */
        status: number;

        /** LiveOrder revenueMicros. */
        revenueMicros: number;

        /** LiveOrder items. */
        items: string[];

        /** LiveOrder statusAtS. */
        statusAtS: number;

        /**
         * Encodes the specified LiveOrder message. Does not implicitly {@link rekindle.LiveOrder.verify|verify} messages.
         * @param m LiveOrder message or plain object to encode
         * @param [w] Writer to encode to
         * @returns Writer
         */
        static encode(m: rekindle.LiveOrder.$Properties, w?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a LiveOrder message from the specified reader or buffer.
         * @param r Reader or buffer to decode from
         * @param [l] Message length if known beforehand
         * @returns {rekindle.LiveOrder & rekindle.LiveOrder.$Shape} LiveOrder
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(r: ($protobuf.Reader|Uint8Array), l?: number): rekindle.LiveOrder & rekindle.LiveOrder.$Shape;

        /**
         * Creates a LiveOrder message from a plain object. Also converts values to their respective internal types.
         * @param d Plain object
         * @returns LiveOrder
         */
        static fromObject(d: { [k: string]: any }): rekindle.LiveOrder;

        /**
         * Creates a plain object from a LiveOrder message. Also converts values to other types if specified.
         * @param m LiveOrder
         * @param [o] Conversion options
         * @returns Plain object
         */
        static toObject(m: rekindle.LiveOrder, o?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this LiveOrder to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for LiveOrder
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace LiveOrder {

        /** Properties of a LiveOrder. */
        interface $Properties {

            /** LiveOrder orderKey */
            orderKey?: (string|null);

            /** LiveOrder atS */
            atS?: (number|null);

            /** LiveOrder status */
            status?: (number|null);

            /** LiveOrder revenueMicros */
            revenueMicros?: (number|null);

            /** LiveOrder items */
            items?: (string[]|null);

            /** LiveOrder statusAtS */
            statusAtS?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a LiveOrder. */
        type $Shape = rekindle.LiveOrder.$Properties;
    }

    /**
     * Properties of an Event.
     * @deprecated Use rekindle.Event.$Properties instead.
     */
    interface IEvent extends rekindle.Event.$Properties {
    }

    /** Represents an Event. */
    class Event {

        /**
         * Constructs a new Event.
         * @param [p] Properties to set
         */
        constructor(p?: rekindle.Event.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Event atMs. */
        atMs: number;

        /** Event id. */
        id: string;

        /** Event bid. */
        bid?: (rekindle.BidEvent.$Properties|null);

        /** Event notice. */
        notice?: (rekindle.NoticeEvent.$Properties|null);

        /** Event shop. */
        shop?: (rekindle.ShopEvent.$Properties|null);

        /** Event sync. */
        sync?: (rekindle.SyncEvent.$Properties|null);

        /** Event body. */
        body?: ("bid"|"notice"|"shop"|"sync");

        /**
         * Encodes the specified Event message. Does not implicitly {@link rekindle.Event.verify|verify} messages.
         * @param m Event message or plain object to encode
         * @param [w] Writer to encode to
         * @returns Writer
         */
        static encode(m: rekindle.Event.$Properties, w?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Event message from the specified reader or buffer.
         * @param r Reader or buffer to decode from
         * @param [l] Message length if known beforehand
         * @returns {rekindle.Event & rekindle.Event.$Shape} Event
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(r: ($protobuf.Reader|Uint8Array), l?: number): rekindle.Event & rekindle.Event.$Shape;

        /**
         * Creates an Event message from a plain object. Also converts values to their respective internal types.
         * @param d Plain object
         * @returns Event
         */
        static fromObject(d: { [k: string]: any }): rekindle.Event;

        /**
         * Creates a plain object from an Event message. Also converts values to other types if specified.
         * @param m Event
         * @param [o] Conversion options
         * @returns Plain object
         */
        static toObject(m: rekindle.Event, o?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this Event to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for Event
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Event {

        /** Properties of an Event. */
        interface $Properties {

            /** Event atMs */
            atMs?: (number|null);

            /** Event id */
            id?: (string|null);

            /** Event bid */
            bid?: (rekindle.BidEvent.$Properties|null);

            /** Event notice */
            notice?: (rekindle.NoticeEvent.$Properties|null);

            /** Event shop */
            shop?: (rekindle.ShopEvent.$Properties|null);

            /** Event sync */
            sync?: (rekindle.SyncEvent.$Properties|null);

            /** Event body */
            body?: ("bid"|"notice"|"shop"|"sync");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of an Event. */
        type $Shape = {
          atMs?: number|null;
          id?: string|null;
          bid?: rekindle.BidEvent.$Shape|null;
          notice?: rekindle.NoticeEvent.$Shape|null;
          shop?: rekindle.ShopEvent.$Shape|null;
          sync?: rekindle.SyncEvent.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ body?: undefined; bid?: null; notice?: null; shop?: null; sync?: null }|{ body?: "bid"; bid: rekindle.BidEvent.$Shape; notice?: null; shop?: null; sync?: null }|{ body?: "notice"; bid?: null; notice: rekindle.NoticeEvent.$Shape; shop?: null; sync?: null }|{ body?: "shop"; bid?: null; notice?: null; shop: rekindle.ShopEvent.$Shape; sync?: null }|{ body?: "sync"; bid?: null; notice?: null; shop?: null; sync: rekindle.SyncEvent.$Shape })
        );
    }

    /**
     * Properties of a BidEvent.
     * @deprecated Use rekindle.BidEvent.$Properties instead.
     */
    interface IBidEvent extends rekindle.BidEvent.$Properties {
    }

    /** Represents a BidEvent. */
    class BidEvent {

        /**
         * Constructs a new BidEvent.
         * @param [p] Properties to set
         */
        constructor(p?: rekindle.BidEvent.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** BidEvent exchange. */
        exchange: string;

        /** BidEvent shop. */
        shop: string;

        /** BidEvent campaign. */
        campaign: string;

        /** BidEvent creative. */
        creative: string;

        /** BidEvent person. */
        person: string;

        /** BidEvent bidCpmMicros. */
        bidCpmMicros: number;

        /** BidEvent currency. */
        currency: string;

        /** BidEvent lease. */
        lease: string;

        /** BidEvent test. */
        test: boolean;

        /** BidEvent impKey. */
        impKey: string;

        /**
         * Encodes the specified BidEvent message. Does not implicitly {@link rekindle.BidEvent.verify|verify} messages.
         * @param m BidEvent message or plain object to encode
         * @param [w] Writer to encode to
         * @returns Writer
         */
        static encode(m: rekindle.BidEvent.$Properties, w?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a BidEvent message from the specified reader or buffer.
         * @param r Reader or buffer to decode from
         * @param [l] Message length if known beforehand
         * @returns {rekindle.BidEvent & rekindle.BidEvent.$Shape} BidEvent
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(r: ($protobuf.Reader|Uint8Array), l?: number): rekindle.BidEvent & rekindle.BidEvent.$Shape;

        /**
         * Creates a BidEvent message from a plain object. Also converts values to their respective internal types.
         * @param d Plain object
         * @returns BidEvent
         */
        static fromObject(d: { [k: string]: any }): rekindle.BidEvent;

        /**
         * Creates a plain object from a BidEvent message. Also converts values to other types if specified.
         * @param m BidEvent
         * @param [o] Conversion options
         * @returns Plain object
         */
        static toObject(m: rekindle.BidEvent, o?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this BidEvent to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for BidEvent
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace BidEvent {

        /** Properties of a BidEvent. */
        interface $Properties {

            /** BidEvent exchange */
            exchange?: (string|null);

            /** BidEvent shop */
            shop?: (string|null);

            /** BidEvent campaign */
            campaign?: (string|null);

            /** BidEvent creative */
            creative?: (string|null);

            /** BidEvent person */
            person?: (string|null);

            /** BidEvent bidCpmMicros */
            bidCpmMicros?: (number|null);

            /** BidEvent currency */
            currency?: (string|null);

            /** BidEvent lease */
            lease?: (string|null);

            /** BidEvent test */
            test?: (boolean|null);

            /** BidEvent impKey */
            impKey?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a BidEvent. */
        type $Shape = rekindle.BidEvent.$Properties;
    }

    /**
     * Properties of a NoticeEvent.
     * @deprecated Use rekindle.NoticeEvent.$Properties instead.
     */
    interface INoticeEvent extends rekindle.NoticeEvent.$Properties {
    }

    /** Represents a NoticeEvent. */
    class NoticeEvent {

        /**
         * Constructs a new NoticeEvent.
         * @param [p] Properties to set
         */
        constructor(p?: rekindle.NoticeEvent.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** NoticeEvent kind. */
        kind: rekindle.NoticeEvent.Kind;

        /** NoticeEvent token. */
        token: Uint8Array;

        /** NoticeEvent priceCpmMicros. */
        priceCpmMicros: number;

        /** NoticeEvent priceKnown. */
        priceKnown: boolean;

        /** NoticeEvent lossCode. */
        lossCode: number;

        /** NoticeEvent slot. */
        slot: number;

        /** NoticeEvent minToWinCpmMicros. */
        minToWinCpmMicros: number;

        /** NoticeEvent minToWinKnown. */
        minToWinKnown: boolean;

        /**
         * Encodes the specified NoticeEvent message. Does not implicitly {@link rekindle.NoticeEvent.verify|verify} messages.
         * @param m NoticeEvent message or plain object to encode
         * @param [w] Writer to encode to
         * @returns Writer
         */
        static encode(m: rekindle.NoticeEvent.$Properties, w?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a NoticeEvent message from the specified reader or buffer.
         * @param r Reader or buffer to decode from
         * @param [l] Message length if known beforehand
         * @returns {rekindle.NoticeEvent & rekindle.NoticeEvent.$Shape} NoticeEvent
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(r: ($protobuf.Reader|Uint8Array), l?: number): rekindle.NoticeEvent & rekindle.NoticeEvent.$Shape;

        /**
         * Creates a NoticeEvent message from a plain object. Also converts values to their respective internal types.
         * @param d Plain object
         * @returns NoticeEvent
         */
        static fromObject(d: { [k: string]: any }): rekindle.NoticeEvent;

        /**
         * Creates a plain object from a NoticeEvent message. Also converts values to other types if specified.
         * @param m NoticeEvent
         * @param [o] Conversion options
         * @returns Plain object
         */
        static toObject(m: rekindle.NoticeEvent, o?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this NoticeEvent to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for NoticeEvent
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace NoticeEvent {

        /** Properties of a NoticeEvent. */
        interface $Properties {

            /** NoticeEvent kind */
            kind?: (rekindle.NoticeEvent.Kind|null);

            /** NoticeEvent token */
            token?: (Uint8Array|null);

            /** NoticeEvent priceCpmMicros */
            priceCpmMicros?: (number|null);

            /** NoticeEvent priceKnown */
            priceKnown?: (boolean|null);

            /** NoticeEvent lossCode */
            lossCode?: (number|null);

            /** NoticeEvent slot */
            slot?: (number|null);

            /** NoticeEvent minToWinCpmMicros */
            minToWinCpmMicros?: (number|null);

            /** NoticeEvent minToWinKnown */
            minToWinKnown?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a NoticeEvent. */
        type $Shape = rekindle.NoticeEvent.$Properties;

        /** Kind enum. */
        enum Kind {

            /** UNKNOWN value */
            UNKNOWN = 0,

            /** WIN value */
            WIN = 1,

            /** BILLING value */
            BILLING = 2,

            /** LOSS value */
            LOSS = 3,

            /** IMPRESSION value */
            IMPRESSION = 4,

            /** CLICK value */
            CLICK = 5
        }
    }

    /**
     * Properties of a ShopEvent.
     * @deprecated Use rekindle.ShopEvent.$Properties instead.
     */
    interface IShopEvent extends rekindle.ShopEvent.$Properties {
    }

    /** Represents a ShopEvent. */
    class ShopEvent {

        /**
         * Constructs a new ShopEvent.
         * @param [p] Properties to set
         */
        constructor(p?: rekindle.ShopEvent.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ShopEvent kind. */
        kind: rekindle.ShopEvent.Kind;

        /** ShopEvent shop. */
        shop: string;

        /** ShopEvent person. */
        person: string;

        /** ShopEvent items. */
        items: string[];

        /** ShopEvent orderId. */
        orderId: string;

        /** ShopEvent status. */
        status: number;

        /** ShopEvent revenueMicros. */
        revenueMicros: number;

        /**
         * Encodes the specified ShopEvent message. Does not implicitly {@link rekindle.ShopEvent.verify|verify} messages.
         * @param m ShopEvent message or plain object to encode
         * @param [w] Writer to encode to
         * @returns Writer
         */
        static encode(m: rekindle.ShopEvent.$Properties, w?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ShopEvent message from the specified reader or buffer.
         * @param r Reader or buffer to decode from
         * @param [l] Message length if known beforehand
         * @returns {rekindle.ShopEvent & rekindle.ShopEvent.$Shape} ShopEvent
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(r: ($protobuf.Reader|Uint8Array), l?: number): rekindle.ShopEvent & rekindle.ShopEvent.$Shape;

        /**
         * Creates a ShopEvent message from a plain object. Also converts values to their respective internal types.
         * @param d Plain object
         * @returns ShopEvent
         */
        static fromObject(d: { [k: string]: any }): rekindle.ShopEvent;

        /**
         * Creates a plain object from a ShopEvent message. Also converts values to other types if specified.
         * @param m ShopEvent
         * @param [o] Conversion options
         * @returns Plain object
         */
        static toObject(m: rekindle.ShopEvent, o?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this ShopEvent to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for ShopEvent
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ShopEvent {

        /** Properties of a ShopEvent. */
        interface $Properties {

            /** ShopEvent kind */
            kind?: (rekindle.ShopEvent.Kind|null);

            /** ShopEvent shop */
            shop?: (string|null);

            /** ShopEvent person */
            person?: (string|null);

            /** ShopEvent items */
            items?: (string[]|null);

            /** ShopEvent orderId */
            orderId?: (string|null);

            /** ShopEvent status */
            status?: (number|null);

            /** ShopEvent revenueMicros */
            revenueMicros?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ShopEvent. */
        type $Shape = rekindle.ShopEvent.$Properties;

        /** Kind enum. */
        enum Kind {

            /** UNKNOWN value */
            UNKNOWN = 0,

            /** VIEW value */
            VIEW = 1,

            /** CART value */
            CART = 2,

            /** ORDER value */
            ORDER = 3
        }
    }

    /**
     * Properties of a SyncEvent.
     * @deprecated Use rekindle.SyncEvent.$Properties instead.
     */
    interface ISyncEvent extends rekindle.SyncEvent.$Properties {
    }

    /** Represents a SyncEvent. */
    class SyncEvent {

        /**
         * Constructs a new SyncEvent.
         * @param [p] Properties to set
         */
        constructor(p?: rekindle.SyncEvent.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SyncEvent cookie. */
        cookie: string;

        /** SyncEvent exchange. */
        exchange: string;

        /** SyncEvent theirs. */
        theirs: string;

        /** SyncEvent shops. */
        shops: string[];

        /** SyncEvent endsAtMs. */
        endsAtMs: number;

        /**
         * Encodes the specified SyncEvent message. Does not implicitly {@link rekindle.SyncEvent.verify|verify} messages.
         * @param m SyncEvent message or plain object to encode
         * @param [w] Writer to encode to
         * @returns Writer
         */
        static encode(m: rekindle.SyncEvent.$Properties, w?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SyncEvent message from the specified reader or buffer.
         * @param r Reader or buffer to decode from
         * @param [l] Message length if known beforehand
         * @returns {rekindle.SyncEvent & rekindle.SyncEvent.$Shape} SyncEvent
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(r: ($protobuf.Reader|Uint8Array), l?: number): rekindle.SyncEvent & rekindle.SyncEvent.$Shape;

        /**
         * Creates a SyncEvent message from a plain object. Also converts values to their respective internal types.
         * @param d Plain object
         * @returns SyncEvent
         */
        static fromObject(d: { [k: string]: any }): rekindle.SyncEvent;

        /**
         * Creates a plain object from a SyncEvent message. Also converts values to other types if specified.
         * @param m SyncEvent
         * @param [o] Conversion options
         * @returns Plain object
         */
        static toObject(m: rekindle.SyncEvent, o?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this SyncEvent to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for SyncEvent
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace SyncEvent {

        /** Properties of a SyncEvent. */
        interface $Properties {

            /** SyncEvent cookie */
            cookie?: (string|null);

            /** SyncEvent exchange */
            exchange?: (string|null);

            /** SyncEvent theirs */
            theirs?: (string|null);

            /** SyncEvent shops */
            shops?: (string[]|null);

            /** SyncEvent endsAtMs */
            endsAtMs?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SyncEvent. */
        type $Shape = rekindle.SyncEvent.$Properties;
    }
}
